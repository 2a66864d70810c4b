#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// How long a command waits in all, however many files it waits for.
class Deadline {
public:
    /// @param timeout absent: for ever. Counts from now.
    explicit Deadline(std::optional<std::chrono::seconds> timeout);

    /// @return at most `most`; 0 when the time is over.
    std::chrono::seconds left(std::chrono::seconds most) const;
    bool is_over() const { return left(std::chrono::seconds{1}) <= std::chrono::seconds{0}; }

private:
    std::optional<std::chrono::steady_clock::time_point> end_;
};

/// Offers --timeout.
void add_timeout(CLI::App &command, std::optional<std::chrono::seconds> &timeout);

/// @return the file once it is finished, however it ended.
/// @throws Error{timeout} and what the client throws.
FileObject wait_until_finished(Session &session, const std::string &id, const Deadline &deadline,
                               Progress &progress);

/// @throws the Error that says why a finished file has no MP3.
void require_mp3(const FileObject &file);

} // namespace mp3conv::cli
