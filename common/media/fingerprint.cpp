#include "common/media/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace mp3conv::media {
namespace {

/// What a decoder heeds of that which may come with a packet, and how many bytes of it.
struct SideData {
    AVPacketSideDataType type;
    size_t most_bytes;
};

// Behind the numbers of samples to skip, their reasons stand, which change nothing (packet.h).
constexpr std::array heeded{
    SideData{AV_PKT_DATA_SKIP_SAMPLES, 8},
    SideData{AV_PKT_DATA_NEW_EXTRADATA, SIZE_MAX},
    SideData{AV_PKT_DATA_PARAM_CHANGE, SIZE_MAX},
    SideData{AV_PKT_DATA_JP_DUALMONO, SIZE_MAX},
    SideData{AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL, SIZE_MAX},
};

// What these samples were before, of which the decoder puts out its own, some containers tell.
constexpr std::array without_bits{AV_CODEC_ID_MP2,   AV_CODEC_ID_MP3,  AV_CODEC_ID_AAC,
                                  AV_CODEC_ID_AC3,   AV_CODEC_ID_EAC3, AV_CODEC_ID_OPUS,
                                  AV_CODEC_ID_VORBIS};

bool heeds_bits(AVCodecID codec) {
    return std::find(without_bits.begin(), without_bits.end(), codec) == without_bits.end();
}

std::string_view view(const uint8_t *bytes, size_t size) {
    return {reinterpret_cast<const char *>(bytes), size};
}

std::string layout_of(const AVCodecParameters &codec) {
    std::array<char, 256> text{};
    av_channel_layout_describe(&codec.ch_layout, text.data(), text.size());
    return text.data();
}

int64_t in_samples(const AVStream &track, int64_t time) {
    return av_rescale_q(time, track.time_base, {1, std::max(1, track.codecpar->sample_rate)});
}

} // namespace

Fingerprint::Fingerprint(const AVStream &track) :
    track_{track},
    is_pcm_{av_get_exact_bits_per_sample(track.codecpar->codec_id) > 0},
    step_{in_samples(track, 1) + 1} {
    const AVCodecParameters &codec = *track.codecpar;
    note("codec", codec.codec_id);
    note("rate", codec.sample_rate);
    if (heeds_bits(codec.codec_id)) note("bits", codec.bits_per_coded_sample);
    note(layout_of(codec).c_str(), codec.ch_layout.nb_channels);
    if (!is_pcm_) note("block", codec.block_align);
    note("extradata", codec.extradata_size);
    hash_.update(view(codec.extradata, static_cast<size_t>(codec.extradata_size)));
}

void Fingerprint::add(const AVPacket &packet) {
    note_times(packet);
    note_side_data(packet);
    if (packet.flags & AV_PKT_FLAG_DISCARD) note("discard", packet.size);
    if (!is_pcm_) note("packet", packet.size);
    hash_.update(view(packet.data, static_cast<size_t>(packet.size)));
    bytes_ += packet.size;
}

std::string Fingerprint::finish() {
    note("end", bytes_);
    return hash_.finish();
}

void Fingerprint::note(const char *what, int64_t value) {
    hash_.update(std::to_string(bytes_) + what + std::to_string(value) + "\n");
}

void Fingerprint::note_times(const AVPacket &packet) {
    const int64_t usual = av_get_audio_frame_duration2(track_.codecpar, packet.size);
    const int64_t told = in_samples(track_, packet.duration); // 0 where the container does not say
    const bool is_usual = told > 0 && std::abs(told - usual) <= step_;
    if (!is_usual) note("length", told);

    const int64_t length = is_usual || told <= 0 ? usual : told;
    const bool has_begin = packet.pts != AV_NOPTS_VALUE;
    const int64_t begin = has_begin ? in_samples(track_, packet.pts) : end_;
    if (bytes_ > 0 && std::abs(begin - end_) > step_) note("gap", begin - end_);
    end_ = begin + length;
}

void Fingerprint::note_side_data(const AVPacket &packet) {
    for (const auto &[type, most_bytes] : heeded) {
        size_t size = 0;
        const uint8_t *data = av_packet_get_side_data(&packet, type, &size);
        if (!data) continue;
        note("side data", type);
        hash_.update(view(data, std::min(size, most_bytes)));
    }
}

} // namespace mp3conv::media
