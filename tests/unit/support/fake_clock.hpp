#pragma once

#include "daemon/system/clock.hpp"

namespace mp3conv::test {

/// Stands still until it is told.
class FakeClock final : public system::Clock {
public:
    Time now() const override { return now_; }
    void advance(std::chrono::milliseconds time) { now_ += time; }

private:
    Time now_{std::chrono::milliseconds{1'764'000'000'000}};
};

} // namespace mp3conv::test
