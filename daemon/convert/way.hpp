#pragma once

#include <cstdint>

#include "common/media/handles.hpp"

namespace mp3conv::convert {

/// What became of a track.
struct Made {
    double source_s = 0;    ///< that can be heard
    double lost_s = 0;      ///< of that, what was damaged and is silence
    double mp3_s = 0;       ///< decoded
    uint64_t mp3_bytes = 0; ///< without metadata
};

/// One way from a track's packets to MP3 frames.
class Way {
public:
    virtual ~Way() = default;

    virtual void add(const AVPacket &packet) = 0;
    /// @return whether packets to come would change nothing.
    virtual bool is_full() const { return false; }
    /// Nothing may be added afterwards.
    /// @throws Error{corrupt_media} where there was nothing to hear.
    virtual Made finish() = 0;

    /// @return the part of what was added that is done, 0 to 1.
    virtual double done_part() const = 0;
};

} // namespace mp3conv::convert
