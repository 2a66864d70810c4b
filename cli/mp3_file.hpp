#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/partial_file.hpp"
#include "common/fd.hpp"
#include "common/file_object.hpp"
#include "common/sha256.hpp"

namespace mp3conv::cli {

/// An MP3 on its way to its place. A regular file appears whole or not at all.
class Mp3File {
public:
    /// @param path "-" for standard output; what is no regular file is written straight into.
    /// @param promised what the server says of it; outlives the object.
    /// @throws Error{local_file}, as all here.
    Mp3File(const std::string &path, const Mp3 &promised);

    /// @return bytes that are there, be it from a run before.
    uint64_t bytes() const noexcept { return bytes_; }

    /// @throws Error{checksum_mismatch} for more than was promised.
    void write(std::string_view bytes);

    /// What is there stays for a later run, where it is a file.
    void keep() noexcept;

    /// @return false where this is not what was promised, but began with what an earlier run left:
    ///         that is dropped, and all of it has to be written.
    /// @throws Error{checksum_mismatch} where it is not, and did not.
    bool commit();

private:
    void read_what_is_there();
    void start_over();

    const Mp3 &promised_;
    std::string path_;
    std::optional<PartialFile> file_;
    Fd stream_;
    Sha256 hash_;
    uint64_t bytes_ = 0;
    bool is_begun_before_ = false;
};

} // namespace mp3conv::cli
