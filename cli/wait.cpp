#include "cli/wait.hpp"

#include <memory>
#include <vector>

#include "cli/backoff.hpp"
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_every = 1s;    // while somebody sees the progress
constexpr std::chrono::milliseconds longest_look = 30s; // the server holds its answer that long
constexpr auto shortest_look = 1s; // for a server that is stopping and answers at once

/// Sleeps for what is left of a look.
void rest_after(Clock::time_point began) {
    rest(std::chrono::ceil<std::chrono::milliseconds>(began + shortest_look - Clock::now()));
}

struct WaitRequest {
    std::vector<std::string> ids;
    std::optional<std::chrono::seconds> timeout;
};

int wait_for_files(const Globals &globals, const WaitRequest &request) {
    Session session{globals};
    const Deadline deadline{request.timeout};
    Batch batch{globals, request.ids.size()};
    for (const auto &id : request.ids) {
        batch.attempt(id, [&] {
            Progress progress{batch.board(), id};
            const std::string whole_id = session.client.complete_id(id);
            require_mp3(wait_until_finished(session, whole_id, deadline, progress));
        });
    }
    return batch.exit_status();
}

} // namespace

FileObject wait_until_finished(Session &session, const std::string &id, const Deadline &deadline,
                               Progress &progress) {
    const auto most = progress.is_shown() ? look_every : longest_look;
    while (true) {
        const auto began = Clock::now();
        const auto look = [&](Backoff &) {
            const auto patience = std::chrono::ceil<std::chrono::seconds>(deadline.left(most));
            return session.client.find(id, patience);
        };
        auto file = with_retries(session, look, deadline);
        if (is_finished(file.state)) return file;
        if (deadline.is_over()) {
            throw Error{Errc::timeout, "--timeout ran out; the conversion of " + id + " goes on"};
        }
        progress.converting(file.progress);
        rest_after(began);
    }
}

void require_mp3(const FileObject &file) {
    const Failure failure = file.error.value_or(Failure{});
    const Errc code = errc_from_wire(failure.code, 0);
    switch (file.state) {
    case State::cancelled:
        throw Error{Errc::cancelled, "the conversion was cancelled; run: mp3conv retry " + file.id};
    case State::expired:
        throw Error{Errc::expired, "the MP3 has expired; upload the video again"};
    case State::failed:
        // What ended a conversion is never transient for whoever waited for it.
        throw Error{traits(code).exit_code == 8 ? code : Errc::conversion_failed, failure.detail};
    default:
        return;
    }
}

void add_wait_command(CommandLine &line) {
    const auto request = std::make_shared<WaitRequest>();
    CLI::App *command =
        add_command(line, "wait", "wait until files are finished",
                    [&line, request] { return wait_for_files(line.globals, *request); });
    command->add_option("ID", request->ids, "file IDs, or how they start")->required();
    add_timeout(*command, request->timeout);
}

} // namespace mp3conv::cli
