#pragma once

#include <filesystem>
#include <string_view>

#include "common/fd.hpp"

namespace mp3conv {

/// A file that appears under its name whole or not at all: written under a temporary name in the
/// same folder, then flushed and renamed. One that is never committed deletes itself.
class AtomicFile {
public:
    /// @throws Error{local_file}.
    explicit AtomicFile(std::filesystem::path target, unsigned mode = 0600);
    AtomicFile(AtomicFile &&) noexcept = default;
    AtomicFile &operator=(AtomicFile &&) = delete;
    ~AtomicFile();

    /// @throws Error{storage_full} or Error{local_file}.
    void write(std::string_view bytes);

    /// For whoever needs random access before the commit.
    int fd() const noexcept { return fd_.get(); }

    /// Bytes and name are on the disk when this returns.
    /// @throws Error{storage_full} or Error{local_file}.
    void commit();

private:
    std::filesystem::path target_;
    std::filesystem::path temporary_;
    Fd fd_;
};

/// Makes a folder's own entries durable (a new or a removed name). @throws Error{local_file}.
void sync_directory(const std::filesystem::path &directory);

} // namespace mp3conv
