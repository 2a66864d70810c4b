#include "daemon/convert/resampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <utility>
#include <vector>

#include "common/error.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace mp3conv::convert {
namespace {

// 12 dB above full scale is more than any decoder overshoots. LAME's tables end somewhere beyond.
constexpr float loudest = 4.0F;

/// Float sources can hold anything; LAME takes only numbers of a sane size.
void tame(float *samples, int count) noexcept {
    for (int i = 0; i < count; ++i) {
        const float sample = samples[i];
        samples[i] = std::isnan(sample) ? 0.0F : std::clamp(sample, -loudest, loudest);
    }
}

/// Up to 7.1, the usual order is a good guess.
bool has_places(const AVChannelLayout &layout) {
    return layout.order != AV_CHANNEL_ORDER_UNSPEC || layout.nb_channels <= 8;
}

/// For channels whose places nobody knows: odd ones to the left, even ones to the right.
std::vector<double> even_mix(size_t channels, size_t inputs) {
    std::vector<double> matrix(channels * inputs);
    for (size_t i = 0; i < inputs; ++i) {
        matrix[i % channels * inputs + i] =
            static_cast<double>(channels) / static_cast<double>(inputs + inputs % channels);
    }
    return matrix;
}

Swr make_swr(const FrameFormat &from, int rate_hz, int channels) {
    AVChannelLayout to{};
    av_channel_layout_default(&to, channels);
    auto *in = const_cast<AVChannelLayout *>(&from.layout()); // only read; newer FFmpeg says so
    SwrContext *raw = nullptr;
    const int result = swr_alloc_set_opts2(&raw, &to, AV_SAMPLE_FMT_FLTP, rate_hz, in,
                                           from.format(), from.rate_hz(), 0, nullptr);
    Swr swr{raw};
    // Float output is not scaled by default, and would clip.
    const bool made = result >= 0 && av_opt_set_double(raw, "rematrix_maxval", 1.0, 0) >= 0;
    return made ? std::move(swr) : nullptr;
}

bool start_with_even_mix(SwrContext *swr, int channels, int inputs) {
    const auto matrix = even_mix(static_cast<size_t>(channels), static_cast<size_t>(inputs));
    return swr_set_matrix(swr, matrix.data(), inputs) >= 0 && swr_init(swr) >= 0;
}

} // namespace

FrameFormat::FrameFormat(const AVFrame &frame) :
    format_{static_cast<AVSampleFormat>(frame.format)},
    rate_hz_{frame.sample_rate} {
    if (av_channel_layout_copy(&layout_, &frame.ch_layout) < 0) throw std::bad_alloc{};
}

FrameFormat &FrameFormat::operator=(FrameFormat &&other) noexcept {
    std::swap(layout_, other.layout_);
    std::swap(format_, other.format_);
    std::swap(rate_hz_, other.rate_hz_);
    return *this;
}

bool FrameFormat::is_of(const AVFrame &frame) const {
    return frame.format == format_ && frame.sample_rate == rate_hz_ &&
           av_channel_layout_compare(&frame.ch_layout, &layout_) == 0;
}

void Resampler::convert(const AVFrame &frame, PcmSink &to) {
    if (!from_.is_of(frame)) {
        flush(to);
        configure(frame);
    }
    pull(const_cast<const uint8_t **>(frame.extended_data), frame.nb_samples, to);
}

void Resampler::flush(PcmSink &to) {
    if (swr_) pull(nullptr, 0, to);
}

void Resampler::configure(const AVFrame &frame) {
    from_ = FrameFormat{frame};
    swr_ = make_swr(from_, rate_hz_, channels_);
    if (swr_ && has_places(from_.layout()) && swr_init(swr_.get()) >= 0) return;
    swr_ = make_swr(from_, rate_hz_, channels_); // a failed one keeps what it guessed
    const int inputs = from_.layout().nb_channels;
    if (swr_ && start_with_even_mix(swr_.get(), channels_, inputs)) return;
    throw Error{Errc::unsupported_codec, "cannot mix its " + std::to_string(inputs) +
                                             " channels; convert it to stereo first"};
}

/// Straight into the block that LAME will read. What a block has no room for, swr keeps.
void Resampler::pull(const uint8_t **input, int samples, PcmSink &to) {
    for (;;) {
        PcmBlock &block = to.block();
        const int room = block.room();
        std::array<float *, 2> planes{block.left_end(), block.right_end()};
        const int got = swr_convert(swr_.get(), reinterpret_cast<uint8_t **>(planes.data()), room,
                                    input, samples);
        if (got < 0) throw Error{Errc::conversion_failed, "cannot resample its audio; try again"};
        for (int i = 0; i < channels_; ++i) tame(planes[static_cast<size_t>(i)], got);
        to.add(got);
        if (got < room) return;
        samples = 0; // all are taken; with no input at all, swr would think that this is the end
    }
}

} // namespace mp3conv::convert
