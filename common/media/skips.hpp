#pragma once

#include <cstdint>

#include "common/media/handles.hpp"

namespace mp3conv::media {

/// Samples of a packet that are not of the recording, as its container says.
struct Skips {
    uint32_t front = 0; ///< priming
    uint32_t end = 0;   ///< padding
};

/// @return none where the container says nothing.
Skips skips_of(const AVPacket &packet) noexcept;

} // namespace mp3conv::media
