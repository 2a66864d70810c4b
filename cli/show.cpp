#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/wait.hpp"
#include "cli/watch.hpp"

namespace mp3conv::cli {
namespace {

struct StatusRequest {
    std::vector<std::string> ids;
    bool wait = false;
    bool watch = false;
    std::optional<std::chrono::seconds> timeout;
};

struct ListRequest {
    std::string state;
    size_t limit = 0; ///< 0: all
};

std::vector<FileObject> list(Session &session, const ListRequest &request) {
    const auto state =
        request.state.empty() ? std::nullopt : std::optional{state_from(request.state)};
    return session.client.list(state, request.limit == 0 ? std::numeric_limits<size_t>::max()
                                                         : request.limit);
}

std::vector<FileObject> find(Session &session, const std::vector<std::string> &ids, Batch &batch) {
    std::vector<FileObject> files;
    for (const auto &id : ids) {
        batch.attempt(
            id, [&] { files.push_back(session.client.find(session.client.complete_id(id))); });
    }
    return files;
}

void wait_for_all(Session &session, std::vector<FileObject> &files, const Deadline &deadline) {
    Board board{session.globals, files.size()};
    for (auto &file : files) {
        Progress progress{board, file.name};
        if (!is_finished(file.state)) {
            file = wait_until_finished(session, file.id, deadline, progress);
        }
        board.count(file.state == State::done);
    }
}

int show_status(const Globals &globals, const StatusRequest &request) {
    Session session{globals};
    const Deadline deadline{request.timeout};
    Batch batch{globals, request.ids.size()};
    auto files = request.ids.empty() ? list(session, {}) : find(session, request.ids, batch);
    if (request.watch) {
        watch(session, std::move(files), deadline);
        return batch.exit_status();
    }
    if (request.wait) wait_for_all(session, files, deadline);
    print_files(globals, files);
    return batch.exit_status();
}

int show_list(const Globals &globals, const ListRequest &request) {
    Session session{globals};
    print_files(globals, list(session, request));
    return 0;
}

} // namespace

void add_show_commands(CommandLine &line) {
    const auto status = std::make_shared<StatusRequest>();
    CLI::App *show = add_command(line, "status", "show how far files are; all without an ID",
                                 [&line, status] { return show_status(line.globals, *status); });
    show->add_option("ID", status->ids, "file IDs, or how they start");
    show->add_flag("--wait", status->wait, "wait until they are finished");
    show->add_flag("--watch", status->watch, "show each change until they are finished")
        ->excludes("--wait");
    add_timeout(*show, status->timeout);

    const auto all = std::make_shared<ListRequest>();
    CLI::App *command = add_command(line, "list", "list files, newest first",
                                    [&line, all] { return show_list(line.globals, *all); });
    command->add_option("--state", all->state, "only those in this state")
        ->check(CLI::IsMember({"queued", "converting", "done", "failed", "cancelled", "expired"}))
        ->type_name("STATE");
    command->add_option("--limit", all->limit, "at most that many")->type_name("N");
}

} // namespace mp3conv::cli
