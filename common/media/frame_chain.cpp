#include "common/media/frame_chain.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace mp3conv::media {
namespace {

constexpr int enough_frames = 3; // pictures have the bytes of a header here and there
constexpr size_t enough_packets = 5;

uint8_t byte(std::string_view bytes, size_t at) {
    return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0;
}

/// @source ISO 11172-3, 2.4.2.3, and 13818-3: MPEG-1 layers I to III; MPEG-2 layer I, the others.
constexpr std::array<std::array<int, 16>, 5> kbps{{
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
}};
constexpr std::array mpeg1_rates_hz{44100, 48000, 32000, 0};

/// @return bytes of the MPEG audio frame that begins here; 0 where none does.
size_t mpeg_frame(std::string_view bytes) {
    const int second = byte(bytes, 1);
    const int third = byte(bytes, 2);
    const int version = second >> 3 & 3;     // 0 is MPEG-2.5, 2 is MPEG-2, 3 is MPEG-1
    const int layer = 4 - (second >> 1 & 3); // 4 is none
    const bool is_header = byte(bytes, 0) == 0xFF && second >= 0xE0 && version != 1 && layer < 4;
    if (!is_header) return 0;
    const bool is_mpeg1 = version == 3;
    const auto row = static_cast<size_t>(is_mpeg1 ? layer - 1 : layer == 1 ? 3 : 4);
    const int bits_per_s = kbps[row][static_cast<size_t>(third >> 4)] * 1000;
    const int divisor = is_mpeg1 ? 1 : version == 2 ? 2 : 4;
    const int rate_hz = mpeg1_rates_hz[static_cast<size_t>(third >> 2 & 3)] / divisor;
    if (bits_per_s == 0 || rate_hz == 0) return 0;
    const int padding = third >> 1 & 1;
    if (layer == 1) return static_cast<size_t>((12 * bits_per_s / rate_hz + padding) * 4);
    const int samples = layer == 3 && !is_mpeg1 ? 576 : 1152;
    return static_cast<size_t>(samples / 8 * bits_per_s / rate_hz + padding);
}

/// @return bytes of the ADTS frame that begins here; 0 where none does.
/// @source ISO 14496-3, 1.A.3.2.
size_t adts_frame(std::string_view bytes) {
    if (byte(bytes, 0) != 0xFF || (byte(bytes, 1) & 0xF6) != 0xF0) return 0;
    const size_t size = static_cast<size_t>(byte(bytes, 3) & 3) << 11 |
                        static_cast<size_t>(byte(bytes, 4)) << 3 | byte(bytes, 5) >> 5;
    constexpr size_t header_bytes = 7;
    return size > header_bytes ? size : 0;
}

/// Frames of one stream have version, layer and sampling rate in common. It may be shorter than
/// the chain that we look for.
template <typename FrameBytes>
bool is_chain(std::string_view bytes, FrameBytes frame_bytes) {
    const int second = byte(bytes, 1);
    const int rate = byte(bytes, 2) & 0x0C;
    for (int i = 0; i < enough_frames && !(i > 0 && bytes.empty()); ++i) {
        const size_t size = frame_bytes(bytes);
        const bool belongs = byte(bytes, 1) == second && (byte(bytes, 2) & 0x0C) == rate;
        if (size == 0 || !belongs) return false;
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return true;
}

/// @source ETSI TS 102 366: bsid stands at the same place in AC-3 (up to 10) and E-AC-3 (to 16).
std::string_view dolby(std::string_view head) {
    if (!head.starts_with("\x0B\x77")) return {};
    const int bsid = byte(head, 5) >> 3;
    return bsid <= 10 ? "ac3" : bsid <= 16 ? "eac3" : std::string_view{};
}

bool has_packets(std::string_view bytes, size_t size) {
    for (size_t i = 0; i < enough_packets; ++i) {
        if (byte(bytes, i * size) != 'G') return false;
    }
    return true;
}

/// @source ISO 13818-1, 2.4.3.2; the longer packets have a time code in front (Blu-ray), or
/// parity bytes behind (DVB).
bool is_transport_stream(std::string_view head) {
    for (const size_t size : {188, 192, 204}) {
        for (size_t at = 0; at < std::min(size, head.size()); ++at) {
            if (has_packets(head.substr(at), size)) return true;
        }
    }
    return false;
}

} // namespace

std::string_view container_of_frames(std::string_view head) {
    if (const auto container = dolby(head); !container.empty()) return container;
    if (is_transport_stream(head)) return "mpegts";
    for (; !head.empty(); head.remove_prefix(1)) {
        if (head.front() != '\xFF') continue;
        if (is_chain(head, mpeg_frame)) return "mp3";
        if (is_chain(head, adts_frame)) return "aac";
    }
    return {};
}

} // namespace mp3conv::media
