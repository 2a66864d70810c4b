#pragma once

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
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
/// A container that is written; its AVIOContext is another's.
inline void free_output(AVFormatContext **output) noexcept {
    avformat_free_context(*output);
}

using Output = std::unique_ptr<AVFormatContext, Deleter<free_output>>;
using Dictionary = std::unique_ptr<AVDictionary, Deleter<av_dict_free>>;

/// avio_context_free leaves the buffer to its owner.
inline void free_io(AVIOContext **io) noexcept {
    if (*io) av_freep(&(*io)->buffer);
    avio_context_free(io);
}

using Io = std::unique_ptr<AVIOContext, Deleter<free_io>>;

} // namespace mp3conv::media
