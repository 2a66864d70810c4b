#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <utility>

namespace mp3conv::system {

/// Wakes threads that wait for something to change. Whoever waits says up to which ring it has
/// looked, so that a ring between the look and the wait is not missed. Any thread may call.
class Bell {
public:
    using Count = uint64_t;

    /// Rings, and has it carried on.
    void ring();

    /// Rings here alone: for who heard it ring elsewhere.
    void ring_here();

    /// @param carry is called at each `ring` from here on, by the thread that rings. Not to be set
    ///        while others may ring.
    void carry_on(std::function<void()> carry) { carry_ = std::move(carry); }

    /// @return rings so far; take it before looking.
    Count count() const;

    /// Returns at the first ring after `seen`, when `patience` is over, or on a stop request.
    void wait(Count seen, std::chrono::milliseconds patience, std::stop_token stop = {});

private:
    mutable std::mutex mutex_;
    std::condition_variable_any rung_;
    Count count_ = 0;
    std::function<void()> carry_;
};

} // namespace mp3conv::system
