#pragma once

#include <chrono>
#include <utility>

#include "cli/deadline.hpp"
#include "cli/globals.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {

/// @return whether the same request may end well another time.
bool may_pass(Errc code);

/// Decides whether and when to try once more what failed for a reason that may pass.
class Backoff {
public:
    explicit Backoff(const Globals &globals, Deadline deadline = {}) :
        globals_{globals},
        deadline_{deadline} {}

    /// Sleeps before another try: half a second, then twice as long each time up to half a minute,
    /// give or take a half, so that many clients do not come back at once; or as long as the server
    /// asks for, up to a quarter of an hour. What a limit on conversions under way keeps back is
    /// tried until there is room.
    /// @param asked what Retry-After says; 0 for nothing.
    /// @throws `error` again where it will not pass or --retries are used up; Error{timeout} where
    ///         the deadline is over; Error{interrupted}.
    void rest_after(const Error &error, std::chrono::seconds asked);

    /// Something got through: counting begins anew.
    void reset() { tries_ = 0; }

private:
    const Globals &globals_;
    const Deadline deadline_;
    int tries_ = 0;
};

/// Asks again where the server answers that it is too early. Without an answer nobody knows what
/// was done.
template <typename Http, typename Ask>
auto ask_patiently(const Globals &globals, const Http &http, Ask &&ask) {
    Backoff backoff{globals};
    while (true) {
        try {
            return ask();
        } catch (const Error &e) {
            if (e.code() == Errc::unreachable) throw;
            backoff.rest_after(e, http.retry_after());
        }
    }
}

/// Does `act(backoff)` until it ends well, or for good with what it throws.
template <typename Session, typename Act>
auto with_retries(Session &session, Act &&act, const Deadline &deadline = {}) {
    Backoff backoff{session.globals, deadline};
    while (true) {
        try {
            return act(backoff);
        } catch (const Error &e) {
            backoff.rest_after(e, session.http.retry_after());
        }
    }
}

} // namespace mp3conv::cli
