#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
}

namespace mp3conv::media {

/// Lets unique_ptr own what FFmpeg frees through a pointer-to-pointer.
template <auto Free>
struct Deleter {
    template <typename T>
    void operator()(T *p) const noexcept {
        Free(&p);
    }
};

using Frame = std::unique_ptr<AVFrame, Deleter<av_frame_free>>;
using Packet = std::unique_ptr<AVPacket, Deleter<av_packet_free>>;
using Codec = std::unique_ptr<AVCodecContext, Deleter<avcodec_free_context>>;
using Input = std::unique_ptr<AVFormatContext, Deleter<avformat_close_input>>;
using Resampler = std::unique_ptr<SwrContext, Deleter<swr_free>>;

} // namespace mp3conv::media
