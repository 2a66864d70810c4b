#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <optional>

namespace mp3conv::cli {

/// How long a command waits in all, however many files it waits for.
class Deadline {
public:
    /// Never.
    Deadline() = default;
    /// @param timeout absent: for ever. Counts from now.
    explicit Deadline(std::optional<std::chrono::seconds> timeout);

    /// @return at most `most`; 0 when the time is over.
    std::chrono::milliseconds left(std::chrono::milliseconds most) const;
    bool is_over() const { return left(std::chrono::seconds{1}).count() <= 0; }

private:
    std::optional<std::chrono::steady_clock::time_point> end_;
};

/// Offers --timeout.
void add_timeout(CLI::App &command, std::optional<std::chrono::seconds> &timeout);

} // namespace mp3conv::cli
