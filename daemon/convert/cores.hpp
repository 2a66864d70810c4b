#pragma once

#include <atomic>

namespace mp3conv::convert {

/// The machine's cores, shared among the conversions that run. Any thread may call.
class Cores {
public:
    explicit Cores(int count) noexcept : Cores{count, seats_} {}

    /// Where conversions run in processes of their own.
    /// @param running how many there are; kept by another, and outlives this.
    Cores(int count, const std::atomic<int> &running) noexcept : count_{count}, running_{running} {}

    Cores(const Cores &) = delete;
    Cores &operator=(const Cores &) = delete;

    /// A conversion's place among them, from its start to its end.
    class Seat {
    public:
        explicit Seat(Cores &cores) noexcept : cores_{cores} { ++cores_.seats_; }
        ~Seat() { --cores_.seats_; }
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
    std::atomic<int> seats_ = 0; ///< of this object
    const std::atomic<int> &running_;
};

} // namespace mp3conv::convert
