#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/conversion_options.hpp"
#include "cli/input.hpp"
#include "cli/inputs.hpp"
#include "cli/jobs.hpp"
#include "cli/output.hpp"
#include "cli/source.hpp"
#include "cli/transfer.hpp"
#include "cli/upload_memory.hpp"
#include "cli/wait.hpp"

namespace mp3conv::cli {
namespace {

struct UploadRequest {
    Inputs inputs;
    Options options;
    bool whole_file = false;
    bool wait = false;
    bool is_dry_run = false;
    int jobs = 1;
    std::optional<std::chrono::seconds> timeout;
};

void print_accepted(const Globals &globals, const FileObject &file) {
    if (globals.json) {
        print_result(nlohmann::json(file));
    } else {
        print_result(file.id);
    }
}

int tell_plan(const Globals &globals, const std::vector<std::string> &files) {
    for (const auto &path : files) note(globals, "would send " + path);
    return 0;
}

int upload(const Globals &globals, const UploadRequest &request) {
    const auto files = collect(request.inputs);
    if (request.is_dry_run) return tell_plan(globals, files);
    const Deadline deadline{request.timeout};
    Batch batch{globals, files.size()};
    const auto upload_one = [&](Session &session, const std::string &path, Turn &sending) {
        Progress progress{batch.board(), input_name(path)};
        const auto sent = send_file(session, path, request.options, request.whole_file, progress);
        UploadMemory::forget(sent.id); // the same again is another upload
        print_accepted(globals, sent);
        sending.unlock();
        if (!request.wait) return;
        const auto file = wait_until_finished(session, sent.id, deadline, progress);
        if (globals.json) print_result(nlohmann::json(file));
        require_mp3(file);
    };
    run_jobs(globals, files, request.jobs, batch, upload_one);
    return batch.exit_status();
}

} // namespace

void add_upload_command(CommandLine &line) {
    const auto request = std::make_shared<UploadRequest>();
    CLI::App *command = add_command(line, "upload", "send files to be converted; print their IDs",
                                    [&line, request] { return upload(line.globals, *request); });
    add_inputs(*command, request->inputs);
    command->add_flag("--dry-run", request->is_dry_run, "only say what would be sent");
    command->add_flag("--wait", request->wait, "wait until they are converted");
    add_jobs(*command, request->jobs);
    add_timeout(*command, request->timeout);
    add_whole_file(*command, request->whole_file);
    add_conversion_options(*command, request->options);
}

} // namespace mp3conv::cli
