#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/fd.hpp"

namespace mp3conv::cli {

/// @return the last part of a path; "stdin" for "-".
std::string input_name(const std::string &path);

/// A file that is to be sent, or standard input.
class Input {
public:
    /// @param path "-" is standard input.
    /// @throws Error{local_file} where it cannot be read, Error{not_media} for an empty file.
    explicit Input(const std::string &path);

    /// @param fd what is read for that path; from where it stands to its end.
    Input(std::string path, Fd fd);

    /// @return absent for a stream, whose end is not known before it comes.
    std::optional<uint64_t> bytes() const { return bytes_; }

    /// @return bytes read; 0 at the end. @throws Error{local_file}, also where a file became
    /// shorter meanwhile; Error{interrupted}, Error{terminated}.
    size_t read(char *buffer, size_t size);

    uint64_t bytes_read() const { return bytes_read_; }

    /// The next read is from there; not for a stream. @throws Error{local_file}.
    void seek(uint64_t offset);

    /// @return the hash of all of it; not for a stream. @throws Error{local_file}, or after a
    /// signal.
    std::string sha256();

    /// For whoever looks into a file before it is sent; its position must stay.
    int fd() const { return fd_.get(); }

private:
    std::string path_;
    Fd fd_;
    int64_t start_ = 0; ///< where standard input stood
    std::optional<uint64_t> bytes_;
    uint64_t bytes_read_ = 0;
};

} // namespace mp3conv::cli
