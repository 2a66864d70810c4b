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
constexpr size_t flags_at = 4;
constexpr size_t frames_at = 8;
constexpr size_t bytes_at = 12;
constexpr size_t toc_at = 16;
constexpr size_t encoder_at = 120; // where the LAME part begins
constexpr size_t gaps_at = 141;
constexpr size_t music_bytes_at = 148;
constexpr size_t music_crc_at = 152;
constexpr size_t tag_crc_at = 154;
constexpr size_t tag_bytes = 156;

constexpr uint64_t all_flags = 0xF; // frames, bytes, seek table and quality follow

// Bits of the header's second and third byte.
constexpr int without_crc = 1;
constexpr int rate_bits = 0x0C;

void put(std::string &bytes, size_t at, size_t width, uint64_t value) {
    const uint64_t most = (uint64_t{1} << (8 * width)) - 1;
    value = std::min(value, most);
    while (width-- > 0) bytes[at++] = static_cast<char>(value >> (8 * width));
}

uint64_t get(std::string_view bytes, size_t at, size_t width) {
    uint64_t value = 0;
    while (width-- > 0) value = value << 8 | static_cast<uint8_t>(bytes[at++]);
    return value;
}

/// @return the header with the lowest bitrate whose frames have room for the tag.
FrameHeader with_room(FrameHeader header) {
    header.is_padded = false;
    header.has_crc = false;
    header.bitrate_index = 1;
    while (header.bytes() < header.head_bytes() + tag_bytes) ++header.bitrate_index;
    return header;
}

/// A constant bitrate whose frames are too short for the tag becomes the next whose are not.
EncoderSettings with_room(EncoderSettings settings) {
    if (settings.mode != BitrateMode::constant) return settings;
    FrameHeader header;
    header.is_mpeg1 = settings.rate_hz >= 32000;
    header.rate_hz = settings.rate_hz;
    header.channels = settings.channels;
    settings.bitrate_kbps = std::max(settings.bitrate_kbps, with_room(header).kbps());
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

LameTag LameTag::of_stream(std::string_view frame) {
    const FrameHeader header = with_room(parse_frame_header(frame).value());
    std::string bytes{frame.substr(0, 4)};
    bytes[1] = static_cast<char>(bytes[1] | without_crc);
    bytes[2] = static_cast<char>((bytes[2] & rate_bits) | header.bitrate_index << 4);
    bytes.resize(header.bytes(), '\0');
    put(bytes, header.head_bytes() + flags_at, 4, all_flags);
    return {std::move(bytes), header.head_bytes()};
}

std::optional<LameTag> LameTag::of_frame(std::string_view frame) {
    const auto header = parse_frame_header(frame);
    if (!header) return std::nullopt;
    const size_t at = header->head_bytes() - (header->has_crc ? 2 : 0); // a CRC moves it nowhere
    if (frame.size() < at + tag_bytes) return std::nullopt;
    const std::string_view id = frame.substr(at, 4);
    const bool is_tag = (id == "Xing" || id == "Info") && get(frame, at + flags_at, 4) == all_flags;
    if (!is_tag) return std::nullopt;
    LameTag tag{std::string{frame}, at};
    tag.is_filled_ = true;
    return tag;
}

std::optional<Gaps> LameTag::gaps() const {
    if (frame_[at_ + encoder_at] == 0) return std::nullopt;
    const auto both = static_cast<int>(get(frame_, at_ + gaps_at, 3));
    return Gaps{both >> 12, both & 0xFFF};
}

bool LameTag::tells(const LameTagFacts &facts) const {
    return facts.frames == get(frame_, at_ + frames_at, 4) &&
           frame_.size() + facts.music_bytes == get(frame_, at_ + bytes_at, 4);
}

std::string LameTag::filled(const LameTagFacts &facts) const {
    if (is_filled_ && tells(facts)) return frame_;
    std::string frame = frame_;
    const uint64_t all_bytes = frame.size() + facts.music_bytes;
    frame[3] = facts.channel_mode;
    if (frame[at_] == 0) frame.replace(at_, 4, facts.is_constant ? "Info" : "Xing");
    put(frame, at_ + frames_at, 4, facts.frames);
    put(frame, at_ + bytes_at, 4, all_bytes);
    frame.replace(at_ + toc_at, facts.toc.size(), facts.toc);
    if (!facts.gaps) return frame;
    if (frame[at_ + encoder_at] == 0) frame.replace(at_ + encoder_at, 4, "LAME"); // players ask
    const auto delay = static_cast<uint64_t>(facts.gaps->delay);
    const auto padding = static_cast<uint64_t>(facts.gaps->padding);
    put(frame, at_ + gaps_at, 3, delay << 12 | padding);
    put(frame, at_ + music_bytes_at, 4, all_bytes);
    put(frame, at_ + music_crc_at, 2, facts.music_crc);
    Crc16 crc;
    crc.update(std::string_view{frame}.substr(0, at_ + tag_crc_at));
    put(frame, at_ + tag_crc_at, 2, crc.value());
    return frame;
}

} // namespace mp3conv::convert
