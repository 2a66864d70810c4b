#include "daemon/convert/sample_range.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace mp3conv::convert {
namespace {

// Places come from decimal fractions: what is so near to a sample is meant to be it.
constexpr double hair = 1e-3;

/// @return a frame that shares the samples of this one, and has only those from `first` on.
media::Frame part_of(const AVFrame &frame, int first, int count) {
    media::Frame part{av_frame_clone(&frame)};
    if (!part) throw std::bad_alloc{};
    const auto format = static_cast<AVSampleFormat>(frame.format);
    const int channels = frame.ch_layout.nb_channels;
    const bool is_planar = av_sample_fmt_is_planar(format) != 0;
    const int step = av_get_bytes_per_sample(format) * (is_planar ? 1 : channels);
    for (int plane = 0; plane < (is_planar ? channels : 1); ++plane) {
        part->extended_data[plane] += static_cast<ptrdiff_t>(first) * step;
    }
    part->nb_samples = count;
    return part;
}

} // namespace

void SampleRange::pass(const AVFrame &frame, const Take &take) {
    if (frame.sample_rate != rate_hz_) {
        before_s_ += counted_s();
        samples_ = 0;
        rate_hz_ = frame.sample_rate;
    }
    const int first = sample_at(start_s_, frame.nb_samples);
    const int end = end_s_ ? sample_at(*end_s_, frame.nb_samples) : frame.nb_samples;
    samples_ += frame.nb_samples;
    if (first == 0 && end == frame.nb_samples) {
        take(frame);
    } else if (first < end) {
        take(*part_of(frame, first, end - first));
    }
}

double SampleRange::counted_s() const noexcept {
    return rate_hz_ > 0 ? static_cast<double>(samples_) / rate_hz_ : 0;
}

int SampleRange::sample_at(double place_s, int count) const noexcept {
    const double sample = std::floor((place_s - before_s_) * rate_hz_ + hair);
    return static_cast<int>(
        std::clamp(sample - static_cast<double>(samples_), 0.0, static_cast<double>(count)));
}

} // namespace mp3conv::convert
