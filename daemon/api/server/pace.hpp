#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mp3conv::api::server {

/// How much longer a client may keep us waiting: 30 s at a time, and in all no longer than it takes
/// at 1 KiB/s, a tenth of what a modem of 1994 did. Only time in which we waited counts.
class Pace {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// @return zero when patience is over.
    Milliseconds patience() const {
        const Milliseconds earned{bytes_ * 1000 / least_bytes_a_second};
        return std::clamp(at_a_time + earned - waited_, Milliseconds{0}, Milliseconds{at_a_time});
    }

    void note_wait(Milliseconds waited) { waited_ += waited; }
    void note_bytes(uint64_t bytes) { bytes_ += bytes; }

private:
    static constexpr Milliseconds at_a_time{30'000};
    static constexpr uint64_t least_bytes_a_second = 1024;

    Milliseconds waited_{0};
    uint64_t bytes_ = 0;
};

} // namespace mp3conv::api::server
