#pragma once

#include "daemon/system/clock.hpp"

namespace mp3conv::test {

/// Stands still until it is told.
class FakeClock final : public system::Clock {
public:
    Time now() const override { return now_; }
    std::chrono::milliseconds uptime() const override { return uptime_; }

    /// Time passes.
    void advance(std::chrono::milliseconds time) {
        uptime_ += time;
        now_ += time;
    }

    /// Somebody sets the clock, by that much forwards or back.
    void turn(std::chrono::milliseconds by) { now_ += by; }

private:
    Time now_{std::chrono::milliseconds{1'764'000'000'000}};
    std::chrono::milliseconds uptime_{0};
};

} // namespace mp3conv::test
