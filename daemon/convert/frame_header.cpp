#include "daemon/convert/frame_header.hpp"

#include <cstdint>

namespace mp3conv::convert {
namespace {

constexpr std::array mpeg1_rates{44100, 48000, 32000}; // halved in MPEG-2, again in MPEG-2.5

uint32_t first_word(std::string_view bytes) {
    uint32_t word = 0;
    for (size_t i = 0; i < 4; ++i) word = word << 8 | static_cast<uint8_t>(bytes[i]);
    return word;
}

size_t side_info_bytes(const FrameHeader &header) {
    if (header.is_mpeg1) return header.channels == 1 ? 17 : 32;
    return header.channels == 1 ? 9 : 17;
}

} // namespace

int FrameHeader::kbps() const noexcept {
    return is_mpeg1 ? mpeg1_kbps[bitrate_index] : mpeg2_kbps[bitrate_index];
}

size_t FrameHeader::bytes() const noexcept {
    const int slots = samples() / 8 * 1000 * kbps() / rate_hz;
    return static_cast<size_t>(slots) + (is_padded ? 1 : 0);
}

size_t FrameHeader::head_bytes() const noexcept {
    return side_info_at() + side_info_bytes(*this);
}

std::optional<FrameHeader> parse_frame_header(std::string_view bytes) noexcept {
    if (bytes.size() < 4) return std::nullopt;
    const uint32_t word = first_word(bytes);
    const uint32_t version = word >> 19 & 3; // 3, 2, 0: MPEG-1, 2, 2.5
    const uint32_t rate = word >> 10 & 3;
    const bool is_layer3 = word >> 21 == 0x7FF && (word >> 17 & 3) == 1;
    if (!is_layer3 || version == 1 || rate == 3) return std::nullopt;

    FrameHeader header;
    header.is_mpeg1 = version == 3;
    header.rate_hz = mpeg1_rates[rate] >> (header.is_mpeg1 ? 0 : version == 2 ? 1 : 2);
    header.channels = (word >> 6 & 3) == 3 ? 1 : 2;
    header.bitrate_index = word >> 12 & 15;
    header.is_padded = (word >> 9 & 1) != 0;
    header.has_crc = (word >> 16 & 1) == 0;
    const bool has_size = header.bitrate_index >= 1 && header.bitrate_index <= highest_index;
    if (!has_size || header.bytes() < header.head_bytes()) return std::nullopt;
    return header;
}

} // namespace mp3conv::convert
