#pragma once

#include <chrono>
#include <cstdint>

namespace mp3conv::sandbox {

/// @return how long the conversion of a source of that size may take.
std::chrono::seconds time_for(uint64_t source_bytes) noexcept;

/// When a conversion is given up.
class Deadline {
public:
    /// Begins now.
    explicit Deadline(std::chrono::seconds whole);

    /// The container's head is read, and the first packet of sound converted.
    void note_start() noexcept { has_started_ = true; }

    /// It was the daemon that the conversion waited for.
    void put_off(std::chrono::steady_clock::duration time) noexcept { begin_ += time; }

    /// @throws Error{conversion_timeout} where it is over.
    void check() const;

private:
    using Clock = std::chrono::steady_clock;

    Clock::time_point begin_ = Clock::now();
    std::chrono::seconds whole_;
    bool has_started_ = false;
};

} // namespace mp3conv::sandbox
