#include "daemon/convert/decoder.hpp"

#include <algorithm>
#include <cmath>
#include <new>

#include "common/error.hpp"
#include "common/media/skips.hpp"

namespace mp3conv::convert {
namespace {

[[noreturn]] void refuse(const AVStream &track) {
    throw Error{Errc::unsupported_codec,
                "cannot decode its audio (" +
                    std::string{avcodec_get_name(track.codecpar->codec_id)} +
                    "); convert it to another codec first"};
}

media::Codec open_codec(const AVStream &track) {
    const AVCodec *decoder = avcodec_find_decoder(track.codecpar->codec_id);
    if (!decoder) refuse(track);
    media::Codec codec{avcodec_alloc_context3(decoder)};
    if (!codec) throw std::bad_alloc{};
    if (avcodec_parameters_to_context(codec.get(), track.codecpar) < 0) refuse(track);
    codec->pkt_timebase = track.time_base; // without it, libavcodec cannot trim by timestamps
    codec->thread_count = 1;
    if (avcodec_open2(codec.get(), decoder, nullptr) < 0) refuse(track);
    return codec;
}

/// @return seconds at the packet's end that are not of the recording.
double padding_s(const AVPacket &packet, int rate_hz) {
    return rate_hz > 0 ? static_cast<double>(media::skips_of(packet).end) / rate_hz : 0;
}

media::Frame silence_like(const AVFrame &frame, int samples) {
    media::Frame silence{av_frame_alloc()};
    if (!silence) throw std::bad_alloc{};
    silence->format = frame.format;
    silence->sample_rate = frame.sample_rate;
    silence->nb_samples = samples;
    const bool made = av_channel_layout_copy(&silence->ch_layout, &frame.ch_layout) >= 0 &&
                      av_frame_get_buffer(silence.get(), 0) >= 0;
    if (!made) throw std::bad_alloc{};
    av_samples_set_silence(silence->extended_data, 0, samples, frame.ch_layout.nb_channels,
                           static_cast<AVSampleFormat>(frame.format));
    return silence;
}

} // namespace

Decoder::Decoder(const AVStream &track) :
    track_{track},
    codec_{open_codec(track)},
    frame_{av_frame_alloc()},
    last_{av_frame_alloc()} {
    if (!frame_ || !last_) throw std::bad_alloc{};
}

void Decoder::decode(const AVPacket &packet, const Take &take) {
    packet_s_ = 0;
    const bool whole = send(&packet, take);
    if (!whole) lose(packet);
    if (whole && packet_s_ > 0) usual_s_ = packet_s_;
}

void Decoder::drain(const Take &take) {
    send(nullptr, take);
    if (last_->nb_samples > 0) hand_on_silence(*last_, take);
}

/// @return false when the packet is broken.
bool Decoder::send(const AVPacket *packet, const Take &take) {
    if (avcodec_send_packet(codec_.get(), packet) < 0) return false;
    for (;;) {
        const int result = avcodec_receive_frame(codec_.get(), frame_.get());
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return true;
        if (result < 0) return false;
        if (frame_->nb_samples > 0) hand_on(take);
    }
}

void Decoder::hand_on(const Take &take) {
    hand_on_silence(*frame_, take);
    take(*frame_);
    packet_s_ += static_cast<double>(frame_->nb_samples) / frame_->sample_rate;
    av_frame_unref(last_.get());
    av_frame_move_ref(last_.get(), frame_.get());
}

/// A packet's duration may be rounded to milliseconds: then what its neighbour had is exact.
void Decoder::lose(const AVPacket &packet) {
    const double tick_s = av_q2d(track_.time_base);
    double whole_s = static_cast<double>(packet.duration) * tick_s;
    if (whole_s <= 0 || std::abs(whole_s - usual_s_) < tick_s) whole_s = usual_s_;
    const double lost_s = whole_s - packet_s_ - padding_s(packet, codec_->sample_rate);
    if (lost_s > 0) pending_s_ += lost_s;
}

void Decoder::hand_on_silence(const AVFrame &like, const Take &take) {
    lost_s_ += pending_s_;
    auto samples = std::llround(pending_s_ * like.sample_rate);
    pending_s_ = 0;
    while (samples > 0) {
        const auto count = static_cast<int>(std::min<long long>(samples, like.sample_rate));
        take(*silence_like(like, count));
        samples -= count;
    }
}

} // namespace mp3conv::convert
