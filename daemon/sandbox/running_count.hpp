#pragma once

#include <atomic>

#include "common/fd.hpp"

namespace mp3conv::sandbox {

/// How many conversions run, in a page of memory that the daemon writes and their processes read.
/// The daemon counts, so that a process that crashes is not counted for ever. Any thread may call.
class RunningCount {
public:
    /// @throws Error{internal} where the system has no memory.
    RunningCount();
    ~RunningCount();
    RunningCount(const RunningCount &) = delete;
    RunningCount &operator=(const RunningCount &) = delete;

    /// The page, for `map_count` in another process, which can only read it.
    int fd() const noexcept { return page_.get(); }

    /// Counts one conversion for as long as it lives.
    class Seat {
    public:
        explicit Seat(RunningCount &all) noexcept : count_{*all.count_} { ++count_; }
        ~Seat() { --count_; }
        Seat(const Seat &) = delete;
        Seat &operator=(const Seat &) = delete;

    private:
        std::atomic<int> &count_;
    };

private:
    Fd page_;
    std::atomic<int> *count_;
};

/// @return the count, mapped for reading until the process ends. @throws Error{internal}.
const std::atomic<int> &map_count(int page);

} // namespace mp3conv::sandbox
