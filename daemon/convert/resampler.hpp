#pragma once

#include <memory>

#include "common/media/handles.hpp"
#include "daemon/convert/pcm.hpp"

extern "C" {
#include <libswresample/swresample.h>
}

namespace mp3conv::convert {

using Swr = std::unique_ptr<SwrContext, media::Deleter<swr_free>>;

/// What a frame's samples are like.
class FrameFormat {
public:
    FrameFormat() = default;
    explicit FrameFormat(const AVFrame &frame);
    FrameFormat(const FrameFormat &) = delete;
    FrameFormat &operator=(const FrameFormat &) = delete;
    FrameFormat &operator=(FrameFormat &&other) noexcept;
    ~FrameFormat() { av_channel_layout_uninit(&layout_); }

    const AVChannelLayout &layout() const noexcept { return layout_; }
    AVSampleFormat format() const noexcept { return format_; }
    int rate_hz() const noexcept { return rate_hz_; }
    bool is_of(const AVFrame &frame) const;

private:
    AVChannelLayout layout_{};
    AVSampleFormat format_ = AV_SAMPLE_FMT_NONE;
    int rate_hz_ = 0;
};

/// Brings whatever a decoder puts out to one rate and one or two channels, also where the source
/// changes midway. More channels are mixed by ITU-R BS.775's coefficients, scaled so that full
/// scale in every channel stays full scale.
///
/// Without a change of rate as many samples come out as went in. With one, that many times the
/// ratio of the rates, give or take one each time the source changes; of less than the filter's
/// length (about 30 samples), maybe nothing.
class Resampler {
public:
    Resampler(int rate_hz, int channels) noexcept : rate_hz_{rate_hz}, channels_{channels} {}

    /// Adds a frame's samples to `to`.
    /// @throws Error{unsupported_codec} for samples that cannot be mixed.
    void convert(const AVFrame &frame, PcmSink &to);
    /// Adds what the filter still holds.
    void flush(PcmSink &to);

private:
    void configure(const AVFrame &frame);
    void pull(const uint8_t **input, int samples, PcmSink &to);

    int rate_hz_;
    int channels_;
    FrameFormat from_;
    Swr swr_;
};

} // namespace mp3conv::convert
