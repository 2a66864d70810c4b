#include "daemon/convert/lame_tag.hpp"

#include <algorithm>
#include <string_view>

#include "common/error.hpp"
#include "daemon/convert/crc16.hpp"
#include "daemon/convert/frame_header.hpp"
#include "daemon/convert/lame.hpp"

namespace mp3conv::convert {
namespace {

// Where the fields stand, counted from "Xing" or "Info".
constexpr size_t frames_at = 8;
constexpr size_t bytes_at = 12;
constexpr size_t toc_at = 16;
constexpr size_t gaps_at = 141;
constexpr size_t music_bytes_at = 148;
constexpr size_t music_crc_at = 152;
constexpr size_t tag_crc_at = 154;
constexpr size_t tag_bytes = 156;

void put(std::string &bytes, size_t at, size_t width, uint64_t value) {
    const uint64_t most = (uint64_t{1} << (8 * width)) - 1;
    value = std::min(value, most);
    while (width-- > 0) bytes[at++] = static_cast<char>(value >> (8 * width));
}

/// A constant bitrate whose frames are too short for the tag becomes the next whose are not.
EncoderSettings with_room(EncoderSettings settings) {
    if (settings.mode != BitrateMode::constant) return settings;
    FrameHeader header;
    header.is_mpeg1 = settings.rate_hz >= 32000;
    header.rate_hz = settings.rate_hz;
    header.channels = settings.channels;
    while (header.kbps() < settings.bitrate_kbps ||
           header.bytes() < header.head_bytes() + tag_bytes) {
        ++header.bitrate_index;
    }
    settings.bitrate_kbps = header.kbps();
    return settings;
}

/// @return the tag frame of a LAME that has encoded nothing.
std::string idle_tag(const EncoderSettings &settings) {
    const Lame lame = open_lame(settings, true);
    std::string bytes(most_lame_bytes(0), '\0');
    auto *buffer = reinterpret_cast<unsigned char *>(bytes.data());
    lame_encode_flush(lame.get(), buffer, static_cast<int>(bytes.size()));
    bytes.resize(std::min(bytes.size(), lame_get_lametag_frame(lame.get(), buffer, bytes.size())));
    return bytes;
}

} // namespace

LameTag LameTag::of_encoder(const EncoderSettings &settings) {
    std::string frame = idle_tag(with_room(settings));
    const auto header = parse_frame_header(frame);
    if (!header || frame.size() < header->head_bytes() + tag_bytes) {
        throw Error{Errc::conversion_failed, "lame writes no tag; try again"};
    }
    return {std::move(frame), header->head_bytes()};
}

std::string LameTag::filled(const LameTagFacts &facts) const {
    std::string frame = frame_;
    const uint64_t all_bytes = frame.size() + facts.music_bytes;
    frame[3] = facts.channel_mode;
    put(frame, at_ + frames_at, 4, facts.frames);
    put(frame, at_ + bytes_at, 4, all_bytes);
    frame.replace(at_ + toc_at, facts.toc.size(), facts.toc);
    const auto delay = static_cast<uint64_t>(facts.gaps.delay);
    const auto padding = static_cast<uint64_t>(facts.gaps.padding);
    put(frame, at_ + gaps_at, 3, delay << 12 | padding);
    put(frame, at_ + music_bytes_at, 4, all_bytes);
    put(frame, at_ + music_crc_at, 2, facts.music_crc);
    Crc16 crc;
    crc.update(std::string_view{frame}.substr(0, at_ + tag_crc_at));
    put(frame, at_ + tag_crc_at, 2, crc.value());
    return frame;
}

} // namespace mp3conv::convert
