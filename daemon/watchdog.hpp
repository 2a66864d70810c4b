#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

namespace mp3conv {

/// Tells the service manager that the daemon is alive, for as long as it is.
class Watchdog {
public:
    /// Asks twice within the time that the service manager gives, in a thread of its own; never
    /// where it gives none. What `is_well` says no to, throws, or does not return from, goes
    /// untold.
    /// @param is_well gets how long it may take.
    explicit Watchdog(std::function<bool(std::chrono::milliseconds)> is_well);

private:
    void run(std::chrono::milliseconds period, const std::stop_token &stop) const;
    void look(std::chrono::milliseconds patience) const;

    std::function<bool(std::chrono::milliseconds)> is_well_;
    std::jthread thread_;
};

} // namespace mp3conv
