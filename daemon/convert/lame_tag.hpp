#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/convert/encoder_settings.hpp"

namespace mp3conv::convert {

/// CRC-16 as the LAME tag has it: polynomial 0x8005, reflected, from 0.
class Crc16 {
public:
    void update(std::string_view bytes) noexcept;
    uint16_t value() const noexcept { return value_; }

private:
    uint16_t value_ = 0;
};

/// What the tag of a finished stream says.
struct LameTagFacts {
    uint32_t frames = 0;      ///< the tag's own not counted
    uint32_t music_bytes = 0; ///< of those frames
    uint16_t music_crc = 0;
    int delay = 0;   ///< samples that the encoder put in front
    int padding = 0; ///< and at the end
    int lowpass_hz = 0;
    std::string_view lame_version; ///< "3.100"
};

/// LAME writes no tag where a frame at a constant bitrate is too short for it (56 kbit/s and less
/// in stereo at 44.1 kHz); without one the length is not exact.
bool lame_leaves_out_tag(const EncoderSettings &settings) noexcept;

/// @return bytes of the frame that `lame_tag` makes.
size_t lame_tag_size(const EncoderSettings &settings) noexcept;

/// @return the "Info" frame for a constant bitrate, in a frame of a bitrate that has the room.
/// @source gabriel.mp3-tech.org/mp3infotag.html, revision 1.
std::string lame_tag(const EncoderSettings &settings, const LameTagFacts &facts);

} // namespace mp3conv::convert
