#pragma once

#include <cstdint>
#include <string>

#include "common/media/handles.hpp"
#include "common/sha256.hpp"

namespace mp3conv::media {

/// Tells whether two tracks sound the same, from what decides it: the codec's parameters, the
/// packets' bytes, what of them is priming, padding or to be discarded, and gaps between them.
///
/// Containers count time in steps of their own. A time within a step of what the codec says counts
/// as that.
class Fingerprint {
public:
    /// @param track outlives the fingerprint.
    explicit Fingerprint(const AVStream &track);

    void add(const AVPacket &packet);

    /// @return equal for tracks that sound the same; the object is used up.
    std::string finish();

private:
    void note(const char *what, int64_t value);
    void note_times(const AVPacket &packet);
    void note_side_data(const AVPacket &packet);

    const AVStream &track_;
    bool is_pcm_;       ///< its packets begin and end anywhere
    int64_t step_;      ///< of the container's clock, in samples
    int64_t bytes_ = 0; ///< of packets so far
    int64_t end_ = 0;   ///< of the last packet, in samples
    Sha256 hash_;
};

} // namespace mp3conv::media
