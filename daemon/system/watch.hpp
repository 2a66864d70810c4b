#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "daemon/system/bell.hpp"

namespace mp3conv::system {

/// For threads that serve one queue: of those that are idle one looks, and the others sleep until
/// it has found something. So a ring makes as many of them look as there is work, and one more.
class Watch {
public:
    /// @param bell rings when there may be something, and outlives it.
    /// @param patience after which one looks again without a ring.
    Watch(Bell &bell, std::chrono::milliseconds patience) : bell_{bell}, patience_{patience} {}

    /// @param take looks once, and throws nothing.
    /// @return what was taken; nothing on a stop request.
    template <typename Take>
    auto next(const std::stop_token &stop, Take &&take) -> decltype(take()) {
        std::unique_lock lock{mutex_};
        if (!is_over_.wait(lock, stop, [this] { return !is_kept_; })) return {};
        is_kept_ = true;
        lock.unlock();
        auto taken = keep(stop, take);
        lock.lock();
        is_kept_ = false;
        is_over_.notify_one();
        return taken;
    }

private:
    template <typename Take>
    auto keep(const std::stop_token &stop, Take &take) -> decltype(take()) {
        while (!stop.stop_requested()) {
            const auto seen = bell_.count();
            if (auto taken = take()) return taken;
            bell_.wait(seen, patience_, stop);
        }
        return {};
    }

    Bell &bell_;
    std::chrono::milliseconds patience_;
    std::mutex mutex_;
    std::condition_variable_any is_over_;
    bool is_kept_ = false; ///< by one of them
};

} // namespace mp3conv::system
