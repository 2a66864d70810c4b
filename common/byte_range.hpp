#pragma once

#include <cstdint>

namespace mp3conv {

/// Some of the bytes of a file or blob.
struct ByteRange {
    uint64_t first = 0;
    uint64_t count = 0;

    bool operator==(const ByteRange &) const = default;
};

} // namespace mp3conv
