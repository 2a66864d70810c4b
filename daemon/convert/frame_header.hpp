#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mp3conv::convert {

/// What the four bytes at the start of an MP3 frame say.
struct FrameHeader {
    bool is_mpeg1 = true;     ///< else MPEG-2 or 2.5, of half the samples
    int rate_hz = 0;          ///< samples per second
    int channels = 0;         ///< 1 or 2
    size_t bitrate_index = 0; ///< 1 to 14
    bool is_padded = false;   ///< one byte longer
    bool has_crc = false;     ///< two bytes of it behind the header

    size_t bytes() const noexcept;
    /// Of the header, its CRC and the side information.
    size_t head_bytes() const noexcept;
    /// Of main data, for which the frame itself has room.
    size_t capacity() const noexcept { return bytes() - head_bytes(); }
    int samples() const noexcept { return is_mpeg1 ? 1152 : 576; }
    int kbps() const noexcept;
    /// Where main_data_begin stands in the frame.
    size_t side_info_at() const noexcept { return has_crc ? 6 : 4; }
};

/// @return nullopt where `bytes` do not begin with a header of layer III, and for free bitrates,
///         whose frames do not tell their size.
/// @source ISO 11172-3, 2.4.1.3 and 2.4.2.3; ISO 13818-3, 2.4.2.3; MPEG-2.5 as LAME has it.
std::optional<FrameHeader> parse_frame_header(std::string_view bytes) noexcept;

/// Bitrates by their index.
inline constexpr std::array mpeg1_kbps{0,   32,  40,  48,  56,  64,  80, 96,
                                       112, 128, 160, 192, 224, 256, 320};
inline constexpr std::array mpeg2_kbps{0,  8,  16, 24,  32,  40,  48, 56,
                                       64, 80, 96, 112, 128, 144, 160};
inline constexpr size_t highest_index = 14;

/// MPEG-2.5, which is what there is below 16 kHz, ends at 64 kbit/s.
constexpr size_t highest_index_at(int rate_hz) noexcept {
    return rate_hz < 16000 ? 8 : highest_index;
}

} // namespace mp3conv::convert
