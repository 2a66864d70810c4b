#include "daemon/convert/loudness.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace mp3conv::convert {
namespace {

constexpr int block_samples = 4096;

} // namespace

LoudnessMeter::LoudnessMeter(const EncoderSettings &settings) :
    state_{ebur128_init(static_cast<unsigned>(settings.channels),
                        static_cast<unsigned long>(settings.rate_hz),
                        EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM)},
    block_{settings.channels, block_samples} {
    if (!state_) throw std::bad_alloc{};
}

void LoudnessMeter::add(int samples) {
    block_.add(samples);
    const Pcm pcm = block_.pcm();
    interleaved_.clear();
    for (int i = 0; i < pcm.samples; ++i) {
        interleaved_.push_back(pcm.left[i]);
        if (state_->channels == 2) interleaved_.push_back(pcm.right[i]);
    }
    for (const float sample : interleaved_) peak_ = std::max(peak_, std::abs(sample));
    const auto frames = static_cast<size_t>(pcm.samples);
    if (ebur128_add_frames_float(state_.get(), interleaved_.data(), frames) != EBUR128_SUCCESS) {
        throw std::bad_alloc{};
    }
    block_.clear();
}

std::optional<Loudness> LoudnessMeter::loudness() const {
    double lufs = 0;
    const bool is_read = ebur128_loudness_global(state_.get(), &lufs) == EBUR128_SUCCESS;
    if (!is_read || !std::isfinite(lufs)) return std::nullopt;
    return Loudness{lufs, peak_};
}

} // namespace mp3conv::convert
