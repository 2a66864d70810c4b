#pragma once

#include <atomic>

namespace mp3conv::convert {

/// The machine's cores, shared among the conversions that run. Any thread may call.
class Cores {
public:
    explicit Cores(int count) noexcept : count_{count} {}

    /// A conversion's place among them, from its start to its end.
    class Seat {
    public:
        explicit Seat(Cores &cores) noexcept : cores_{cores} { ++cores_.taken_; }
        ~Seat() { --cores_.taken_; }
        Seat(const Seat &) = delete;
        Seat &operator=(const Seat &) = delete;

        /// @return threads that this conversion may keep busy now: all cores where it is alone, one
        ///         where as many run as there are cores; rounded up, so that no core lies idle.
        int threads() const noexcept;

    private:
        Cores &cores_;
    };

private:
    int count_;
    std::atomic<int> taken_ = 0;
};

} // namespace mp3conv::convert
