#include "daemon/convert/frame_copy.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "common/media/skips.hpp"
#include "daemon/convert/frame_header.hpp"
#include "daemon/convert/length.hpp"

namespace mp3conv::convert {
namespace {

constexpr size_t longest_frame_bytes = 1441; // 320 kbit/s at 32 kHz, with padding

// Samples by which decoders are late, which libavformat adds to the delay of a LAME tag (528 + 1).
constexpr int decoder_delay = 529;

std::string_view bytes_of(const AVPacket &packet) {
    return {reinterpret_cast<const char *>(packet.data), static_cast<size_t>(packet.size)};
}

/// @return the frame at the beginning of the bytes; empty where there is none that is whole.
std::string_view frame_in(std::string_view bytes) {
    const auto header = parse_frame_header(bytes);
    return header && header->bytes() <= bytes.size() ? bytes.substr(0, header->bytes())
                                                     : std::string_view{};
}

/// Without CRC and side information, nothing sounds.
std::string silent(std::string_view frame) {
    constexpr char without_crc = 1;
    std::string bytes{frame.substr(0, 4)};
    bytes[1] = static_cast<char>(bytes[1] | without_crc);
    bytes.resize(frame.size(), '\0');
    return bytes;
}

/// @return the tag frame with which these bytes end.
std::optional<LameTag> tag_at_end(std::string_view bytes) {
    for (size_t at = bytes.size() - std::min(bytes.size(), longest_frame_bytes);
         at + 4 < bytes.size(); ++at) {
        const std::string_view rest = bytes.substr(at);
        if (frame_in(rest).size() != rest.size()) continue;
        if (auto tag = LameTag::of_frame(rest)) return tag;
    }
    return std::nullopt;
}

} // namespace

bool can_copy(const Options &options, const AVStream &track) {
    const bool asks = options.preset || options.vbr || options.bitrate_bps || options.abr_bps ||
                      options.mono || options.rate_hz || options.start_s || options.end_s ||
                      options.normalize_lufs;
    return !asks && track.codecpar->codec_id == AV_CODEC_ID_MP3;
}

void FrameCopy::add(const AVPacket &packet) {
    std::string_view rest = bytes_of(packet);
    const std::string_view first = frame_in(rest);
    if (!stream_ && !first.empty()) start(packet, first);
    if (!stream_) return;
    note_padding(packet);
    for (std::string_view frame = first; !frame.empty(); frame = frame_in(rest)) {
        copy(frame);
        rest.remove_prefix(frame.size());
    }
    if (!first.empty()) return;
    const double before_s = copied_s_;
    copy(silent_frame_);
    lost_s_ += copied_s_ - before_s;
}

/// Where the container knows of priming, and no tag frame does, the fresh one tells it.
void FrameCopy::start(const AVPacket &packet, std::string_view frame) {
    silent_frame_ = silent(frame);
    auto tag = tag_at_end(source_.bytes_before(packet.pos, longest_frame_bytes));
    const auto priming = static_cast<int>(media::skips_of(packet).front);
    if (tag) {
        gaps_ = tag->gaps();
    } else if (priming >= decoder_delay) {
        gaps_ = Gaps{priming - decoder_delay, 0};
    }
    stream_.emplace(output_, tag ? std::move(*tag) : LameTag::of_stream(frame));
}

/// Without priming, padding cannot be told: it stays, a few milliseconds at the end.
void FrameCopy::note_padding(const AVPacket &packet) {
    const auto padding = static_cast<int>(media::skips_of(packet).end);
    if (padding > 0 && gaps_ && gaps_->padding == 0) gaps_->padding = padding + decoder_delay;
}

void FrameCopy::copy(std::string_view frame) {
    const auto header = parse_frame_header(frame);
    rate_hz_ = header->rate_hz;
    copied_s_ += static_cast<double>(header->samples()) / rate_hz_;
    check_length(copied_s_, most_s_);
    stream_->write(frame);
}

Made FrameCopy::finish() {
    if (!stream_) {
        throw Error{Errc::corrupt_media,
                    "its audio is damaged: not one frame is whole; check that it plays"};
    }
    stream_->finish(gaps_);
    const int gaps = gaps_ ? gaps_->delay + gaps_->padding : 0;
    const double heard_s = copied_s_ - static_cast<double>(gaps) / rate_hz_;
    if (heard_s <= 0) {
        throw Error{Errc::corrupt_media,
                    "its audio is damaged: it ends before its sound begins; check that it plays"};
    }
    return {heard_s, lost_s_, heard_s, stream_->bytes()};
}

} // namespace mp3conv::convert
