#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/conversion_options.hpp"
#include "cli/output.hpp"
#include "cli/transfer.hpp"
#include "cli/wait.hpp"

namespace mp3conv::cli {
namespace {

struct UploadRequest {
    std::vector<std::string> files;
    Options options;
    bool wait = false;
    std::optional<std::chrono::seconds> timeout;
};

void print_accepted(const Globals &globals, const FileObject &file) {
    if (globals.json) {
        print_result(nlohmann::json(file));
    } else {
        print_result(file.id);
    }
}

int upload(const Globals &globals, const UploadRequest &request) {
    Session session{globals};
    const Deadline deadline{request.timeout};
    Batch batch{globals, request.files.size()};
    std::vector<std::pair<std::string, std::string>> accepted; // input and file ID
    for (const auto &path : request.files) {
        batch.attempt(path, [&] {
            Progress progress{globals, path};
            const auto file = send_file(session, path, request.options, progress);
            accepted.emplace_back(path, file.id);
            print_accepted(globals, file);
        });
    }
    if (!request.wait) return batch.exit_status();
    for (const auto &[path, id] : accepted) {
        batch.attempt(path, [&, &path = path, &id = id] {
            Progress progress{globals, path};
            const auto file = wait_until_finished(session, id, deadline, progress);
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
    command->add_option("FILE", request->files, "video or sound files, - for standard input")
        ->required();
    command->add_flag("--wait", request->wait, "wait until they are converted");
    add_timeout(*command, request->timeout);
    add_conversion_options(*command, request->options);
}

} // namespace mp3conv::cli
