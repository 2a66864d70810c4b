#include "daemon/convert/decoder.hpp"

#include <new>

#include "common/error.hpp"

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

} // namespace

Decoder::Decoder(const AVStream &track) : codec_{open_codec(track)}, frame_{av_frame_alloc()} {
    if (!frame_) throw std::bad_alloc{};
}

void Decoder::decode(const AVPacket &packet, const Take &take) {
    ++packets_;
    if (!send(&packet, take)) ++broken_;
}

void Decoder::drain(const Take &take) {
    send(nullptr, take);
}

bool Decoder::send(const AVPacket *packet, const Take &take) {
    if (avcodec_send_packet(codec_.get(), packet) < 0) return false;
    for (;;) {
        const int result = avcodec_receive_frame(codec_.get(), frame_.get());
        if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return true;
        if (result < 0) return false;
        if (frame_->nb_samples > 0) take(*frame_);
    }
}

} // namespace mp3conv::convert
