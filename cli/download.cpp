#include <CLI/App.hpp>
#include <memory>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/destination.hpp"
#include "cli/jobs.hpp"
#include "cli/output.hpp"
#include "cli/transfer.hpp"
#include "cli/wait.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

struct DownloadRequest {
    std::vector<std::string> ids;
    Destination destination;
    bool wait = false;
    int jobs = 1;
    std::optional<std::chrono::seconds> timeout;
};

FileObject find_with_mp3(Session &session, const std::string &id, const DownloadRequest &request,
                         const Deadline &deadline, Progress &progress) {
    const std::string whole_id = session.client.complete_id(id);
    const auto file = request.wait ? wait_until_finished(session, whole_id, deadline, progress)
                                   : session.client.find(whole_id);
    if (!is_finished(file.state)) {
        throw Error{Errc::not_ready, "the MP3 is not ready yet; use --wait"};
    }
    require_mp3(file);
    return file;
}

int download(const Globals &globals, const DownloadRequest &request) {
    request.destination.check(request.ids);
    const Deadline deadline{request.timeout};
    Batch batch{globals, request.ids.size()};
    const auto download_one = [&](Session &session, const std::string &id, Turn & /*fetching*/) {
        Progress progress{batch.board(), id};
        const auto file = find_with_mp3(session, id, request, deadline, progress);
        const std::string target = request.destination.path_for(file.name);
        if (!request.destination.is_wanted(target, file.finished_at)) {
            return note(globals, target + ": is there already; skipped");
        }
        fetch_mp3(session, file, target, progress);
        print_written(globals, file, target);
    };
    run_jobs(globals, request.ids, request.jobs, batch, download_one);
    return batch.exit_status();
}

} // namespace

void add_download_command(CommandLine &line) {
    const auto request = std::make_shared<DownloadRequest>();
    CLI::App *command = add_command(line, "download", "fetch MP3s; print their paths",
                                    [&line, request] { return download(line.globals, *request); });
    command->add_option("ID", request->ids, "file IDs, or how they start")->required();
    add_destination_options(*command, request->destination);
    command->add_flag("--wait", request->wait, "wait until they are converted");
    add_jobs(*command, request->jobs);
    add_timeout(*command, request->timeout);
}

} // namespace mp3conv::cli
