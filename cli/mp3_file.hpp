#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/atomic_file.hpp"
#include "common/fd.hpp"
#include "common/sha256.hpp"

namespace mp3conv::cli {

/// An MP3 on its way to its place. A regular file appears whole or not at all.
class Mp3File {
public:
    /// @param path "-" for standard output; what is no regular file is written straight into.
    /// @throws Error{local_file}.
    explicit Mp3File(const std::string &path);

    /// @throws Error{local_file}.
    void write(std::string_view bytes);

    /// @throws Error{unreachable} where the bytes are not those that the server promised, and what
    ///         write() throws.
    void commit(const std::string &sha256);

private:
    std::string path_;
    std::optional<AtomicFile> file_;
    Fd stream_;
    Sha256 hash_;
};

} // namespace mp3conv::cli
