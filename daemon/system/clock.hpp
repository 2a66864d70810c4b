#pragma once

#include "common/units.hpp"

namespace mp3conv::system {

/// Where the rooms get the time from, so that a test can move it. Any thread may call.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

class SystemClock final : public Clock {
public:
    Time now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

} // namespace mp3conv::system
