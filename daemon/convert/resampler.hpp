#pragma once

#include <array>
#include <vector>

#include "common/media/handles.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

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

    /// @throws Error{unsupported_codec} for samples that cannot be mixed.
    Pcm convert(const AVFrame &frame);
    /// @return what the filter still holds.
    Pcm flush();

private:
    void configure(const AVFrame &frame);
    void pull(const uint8_t **input, int samples);
    Pcm pcm() const noexcept;

    int rate_hz_;
    int channels_;
    FrameFormat from_;
    media::Resampler swr_;
    std::array<std::vector<float>, 2> planes_;
    size_t samples_ = 0; ///< that are ready in the planes
};

} // namespace mp3conv::convert
