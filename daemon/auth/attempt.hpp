#pragma once

#include <vector>

#include "daemon/auth/attempt_store.hpp"

namespace mp3conv::auth {

/// An attempt to get in, under way. It counts from its first moment, so that many at once are not
/// many for the price of one; unless it stands, it is taken back at its end.
class Attempt {
public:
    /// @throws Error{rate_limited} with the time to wait.
    Attempt(AttemptStore &store, std::vector<Subject> subjects);
    ~Attempt();
    Attempt(const Attempt &) = delete;

    /// It goes on counting.
    void stand() noexcept { stands_ = true; }

private:
    AttemptStore &store_;
    std::vector<Subject> subjects_;
    bool stands_ = false;
};

} // namespace mp3conv::auth
