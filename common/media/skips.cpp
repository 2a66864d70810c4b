#include "common/media/skips.hpp"

extern "C" {
#include <libavutil/intreadwrite.h>
}

namespace mp3conv::media {

/// @source AV_PKT_DATA_SKIP_SAMPLES (packet.h): 32 bits each, little end first.
Skips skips_of(const AVPacket &packet) noexcept {
    size_t size = 0;
    const uint8_t *data = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    if (!data || size < 8) return {};
    return {AV_RL32(data), AV_RL32(data + 4)};
}

} // namespace mp3conv::media
