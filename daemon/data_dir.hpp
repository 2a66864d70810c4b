#pragma once

#include <filesystem>
#include <string>

#include "common/fd.hpp"

namespace mp3conv {

/// The data folder while this process holds it. Another process that asks for it is refused until
/// this one ends, however it ends.
class DataDir {
public:
    /// Makes the folder, mode 0700, where it is missing; removes what the last process to hold it
    /// was writing when it died.
    /// @throws Error{busy} naming the process that holds it; Error{local_file}.
    explicit DataDir(std::filesystem::path path);

    /// Leaves word where this process listens, for `mp3convd health`.
    void announce(const std::string &url);

    /// @return a name that stays with the folder, and that no other has: whoever holds the folder
    ///         knows that nobody else who had this name lives. @throws Error{local_file}.
    std::string instance() const;

    const std::filesystem::path &path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
    Fd lock_;
};

/// @return what DataDir::instance is of that folder, whoever holds it. @throws Error{local_file}.
std::string instance_of(const std::filesystem::path &data_dir);

/// @return the URL that the daemon on that folder has announced; empty when none runs.
std::string announced_url(const std::filesystem::path &data_dir);

} // namespace mp3conv
