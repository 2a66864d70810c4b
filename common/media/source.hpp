#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <sys/types.h>
#include <vector>

#include "common/byte_range.hpp"
#include "common/media/feed.hpp"

namespace mp3conv::media {

/// A media file that is read at any place. Copies are the same file. One thread at a time.
class Source {
public:
    /// @param fd readable and seekable; outlives the source, its position is left alone.
    Source(int fd) noexcept : fd_{fd} {} // NOLINT(google-explicit-constructor): most are just that

    /// @param fd as above, of the file's length; `feed` brings its bytes before they are read.
    Source(int fd, std::shared_ptr<Feed> feed) noexcept : fd_{fd}, feed_{std::move(feed)} {}

    /// @return bytes. @throws Error{local_file}.
    uint64_t size() const;

    /// @return bytes read, fewer than `count` only at the end; -1, with `errno`, when the disk
    ///         fails.
    ssize_t read(uint64_t at, char *buffer, size_t count) const noexcept;

    /// @return whether it pays to say what will be read.
    bool is_fed() const noexcept { return feed_ != nullptr; }

    /// Brings ranges that will be read, in one go; as many as a Feed takes.
    void expect(const std::vector<ByteRange> &ranges) const;

private:
    int fd_;
    std::shared_ptr<Feed> feed_;
};

} // namespace mp3conv::media
