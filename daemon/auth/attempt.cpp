#include "daemon/auth/attempt.hpp"

#include "common/error.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::auth {

Attempt::Attempt(AttemptStore &store, std::vector<Subject> subjects) :
    store_{store},
    subjects_{std::move(subjects)} {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(store_.begin(subjects_));
    if (wait.count() == 0) return;
    throw Error{Errc::rate_limited,
                "too many attempts to get in; wait " + std::to_string(wait.count()) + " s",
                {},
                wait};
}

Attempt::~Attempt() {
    try {
        if (!stands_) store_.take_back(subjects_);
    } catch (const std::exception &e) {
        system::log::warning("an attempt goes on counting", {{"cause", e.what()}});
    }
}

} // namespace mp3conv::auth
