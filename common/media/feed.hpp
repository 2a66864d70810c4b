#pragma once

#include <functional>
#include <map>
#include <vector>

#include "common/byte_range.hpp"

namespace mp3conv::media {

/// Brings what is read of a file that lies elsewhere into a local one, in few requests: a small
/// file in one, else some bytes around what is read, and more and more ahead of who reads from
/// front to back. Brings nothing twice. One thread.
class Feed {
public:
    /// Makes bytes of the local file be there: some ranges, each within the file.
    /// @return false where they cannot be had.
    using Fetch = std::function<bool(const std::vector<ByteRange> &)>;

    static constexpr size_t most_ranges = 64;          ///< that are asked for at once
    static constexpr uint64_t most_bytes = 8ULL << 20; ///< of them

    Feed(uint64_t size, Fetch fetch) : size_{size}, fetch_{std::move(fetch)} {}

    /// The bytes of the range are there when this returns.
    /// @return false where they cannot be had.
    bool bring(ByteRange range);

    /// As `bring`, for ranges that will be read: no more bytes than may be asked for at once.
    bool bring(const std::vector<ByteRange> &ranges);

private:
    uint64_t bytes_ahead(uint64_t first);
    uint64_t first_missing(uint64_t at) const;
    void add_missing(ByteRange range, std::vector<ByteRange> &missing) const;
    void note(ByteRange range);

    uint64_t size_;
    Fetch fetch_;
    std::map<uint64_t, uint64_t> here_; ///< first byte and end of ranges that do not touch
    uint64_t last_end_ = 0;
    uint64_t ahead_ = 0;
};

} // namespace mp3conv::media
