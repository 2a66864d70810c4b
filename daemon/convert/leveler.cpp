#include "daemon/convert/leveler.hpp"

#include <algorithm>
#include <cmath>

namespace mp3conv::convert {
namespace {

constexpr int block_samples = 4096;
constexpr double ahead_s = 0.005;
constexpr double recovery_s = 0.1;

} // namespace

Leveler::Leveler(double gain, const EncoderSettings &settings, PcmSink &to) :
    to_{to},
    gain_{gain},
    channels_{settings.channels},
    ahead_{static_cast<size_t>(settings.rate_hz * ahead_s)},
    recovery_{1 - std::exp(-1 / (settings.rate_hz * recovery_s))},
    block_{settings.channels, block_samples},
    held_(ahead_),
    factors_(ahead_ + 1, 1.0),
    factors_sum_{static_cast<double>(ahead_ + 1)} {}

void Leveler::add(int samples) {
    block_.add(samples);
    const Pcm pcm = block_.pcm();
    for (int i = 0; i < pcm.samples; ++i) {
        take({static_cast<float>(gain_ * static_cast<double>(pcm.left[i])),
              static_cast<float>(gain_ * static_cast<double>(pcm.right[i]))});
    }
    block_.clear();
}

void Leveler::finish() {
    for (size_t i = 0; i < ahead_; ++i) take({});
}

void Leveler::take(Sample sample) {
    const double peak = std::max(std::abs(sample.left), std::abs(sample.right));
    const double factor = smoothed(least_ahead(peak > ceiling ? ceiling / peak : 1.0));
    Sample &oldest = held_[taken_ % ahead_];
    if (taken_ >= ahead_) {
        const auto scale = static_cast<float>(factor);
        hand_on({oldest.left * scale, oldest.right * scale});
    }
    oldest = sample;
    ++taken_;
}

/// @return the least of the factors of the sample that is handed on and of all up to this one.
double Leveler::least_ahead(double factor) {
    while (!minima_.empty() && minima_.back().second >= factor) minima_.pop_back();
    minima_.emplace_back(taken_, factor);
    if (minima_.front().first + ahead_ < taken_) minima_.pop_front();
    return minima_.front().second;
}

/// The mean over as many as are looked ahead goes down in time for a peak: each of them has seen
/// it.
double Leveler::smoothed(double factor) {
    recovered_ = std::min(factor, recovered_ + (1 - recovered_) * recovery_);
    double &oldest = factors_[taken_ % factors_.size()];
    factors_sum_ += recovered_ - oldest;
    oldest = recovered_;
    return factors_sum_ / static_cast<double>(factors_.size());
}

void Leveler::hand_on(Sample sample) {
    PcmBlock &block = to_.block();
    *block.left_end() = sample.left;
    if (channels_ == 2) *block.right_end() = sample.right;
    to_.add(1);
}

} // namespace mp3conv::convert
