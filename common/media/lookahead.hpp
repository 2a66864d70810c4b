#pragma once

#include <vector>

#include "common/byte_range.hpp"
#include "common/media/handles.hpp"

namespace mp3conv::media {

/// Tells where a track's next packets lie, from an index that has an entry for each.
class Lookahead {
public:
    /// @param track outlives it.
    explicit Lookahead(const AVStream &track);

    /// Call before each packet.
    /// @return no ranges while the packet is in those that were told last; else as many as a Feed
    ///         takes, with short gaps between packets in them.
    std::vector<ByteRange> next();

private:
    ByteRange entry(int i) const;

    AVStream *track_;
    int read_ = 0; ///< packets
    int told_ = 0; ///< entries of the index
};

} // namespace mp3conv::media
