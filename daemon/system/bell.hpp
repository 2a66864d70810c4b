#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace mp3conv::system {

/// Wakes threads that wait for something to change. Whoever waits says up to which ring it has
/// looked, so that a ring between the look and the wait is not missed. Any thread may call.
class Bell {
public:
    using Count = uint64_t;

    void ring();

    /// @return rings so far; take it before looking.
    Count count() const;

    /// Returns at the first ring after `seen`, when `patience` is over, or on a stop request.
    void wait(Count seen, std::chrono::milliseconds patience, std::stop_token stop = {});

private:
    mutable std::mutex mutex_;
    std::condition_variable_any rung_;
    Count count_ = 0;
};

} // namespace mp3conv::system
