#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/conversion_options.hpp"
#include "cli/input.hpp"
#include "cli/inputs.hpp"
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
    std::optional<std::chrono::seconds> timeout;
};

void print_accepted(const Globals &globals, const FileObject &file) {
    if (globals.json) {
        print_result(nlohmann::json(file));
    } else {
        print_result(file.id);
    }
}

FileObject send_one(Session &session, const std::string &path, const UploadRequest &request) {
    Progress progress{session.globals, input_name(path)};
    return send_file(session, path, request.options, request.whole_file, progress);
}

FileObject wait_for_one(Session &session, const std::string &path, const std::string &id,
                        const Deadline &deadline) {
    Progress progress{session.globals, input_name(path)};
    return wait_until_finished(session, id, deadline, progress);
}

int tell_plan(const Globals &globals, const std::vector<std::string> &files) {
    for (const auto &path : files) note(globals, "would send " + path);
    return 0;
}

int upload(const Globals &globals, const UploadRequest &request) {
    const auto files = collect(request.inputs);
    if (request.is_dry_run) return tell_plan(globals, files);
    Session session{globals};
    const Deadline deadline{request.timeout};
    Batch batch{globals, files.size()};
    std::vector<std::pair<std::string, std::string>> accepted; // input and file ID
    for (const auto &path : files) {
        batch.attempt(path, [&] {
            const auto file = send_one(session, path, request);
            UploadMemory::forget(file.id); // the same again is another upload
            accepted.emplace_back(path, file.id);
            print_accepted(globals, file);
        });
    }
    if (!request.wait) return batch.exit_status();
    for (const auto &[path, id] : accepted) {
        batch.attempt(path, [&, &path = path, &id = id] {
            const auto file = wait_for_one(session, path, id, deadline);
            if (globals.json) print_result(nlohmann::json(file));
            require_mp3(file);
        });
    }
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
    add_timeout(*command, request->timeout);
    add_whole_file(*command, request->whole_file);
    add_conversion_options(*command, request->options);
}

} // namespace mp3conv::cli
