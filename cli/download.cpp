#include <CLI/App.hpp>
#include <memory>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/destination.hpp"
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
    std::optional<std::chrono::seconds> timeout;
};

FileObject find_finished(Session &session, const std::string &id, const DownloadRequest &request,
                         const Deadline &deadline, Progress &progress) {
    const auto file = request.wait ? wait_until_finished(session, id, deadline, progress)
                                   : session.client.find(id);
    if (is_finished(file.state)) return file;
    throw Error{Errc::not_ready, "the MP3 is not ready yet; use --wait"};
}

void download_one(Session &session, const FileObject &file, const Destination &destination,
                  Progress &progress) {
    require_mp3(file);
    const std::string target = destination.path_for(file.name);
    if (!destination.is_wanted(target, file.finished_at)) {
        return note(session.globals, target + ": is there already; skipped");
    }
    fetch_mp3(session, file, target, progress);
    print_written(session.globals, file, target);
}

int download(const Globals &globals, const DownloadRequest &request) {
    request.destination.check(request.ids);
    Session session{globals};
    const Deadline deadline{request.timeout};
    Batch batch{globals, request.ids.size()};
    for (const auto &id : request.ids) {
        batch.attempt(id, [&] {
            Progress progress{globals, id};
            const std::string whole_id = session.client.complete_id(id);
            const auto file = find_finished(session, whole_id, request, deadline, progress);
            download_one(session, file, request.destination, progress);
        });
    }
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
    add_timeout(*command, request->timeout);
}

} // namespace mp3conv::cli
