#pragma once

#include <ctime>

#include "common/units.hpp"

namespace mp3conv::system {

/// Where the rooms get the time from, so that a test can move it. Any thread may call.
class Clock {
public:
    virtual ~Clock() = default;

    /// What the calendar says. Whoever owns the machine may turn it, by any time and either way.
    virtual Time now() const = 0;

    /// Time since some moment in the past. Goes on evenly whatever is done to the calendar, also
    /// while the machine sleeps.
    virtual std::chrono::milliseconds uptime() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }

    std::chrono::milliseconds uptime() const override {
        timespec time{};
        ::clock_gettime(CLOCK_BOOTTIME, &time);
        return std::chrono::milliseconds{time.tv_sec * 1000 + time.tv_nsec / 1'000'000};
    }
};

} // namespace mp3conv::system
