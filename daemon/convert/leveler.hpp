#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

/// Makes a recording louder or softer. Where a peak would come too near to full scale it is turned
/// down for a moment, beginning 5 ms before, so that nothing is clipped and nobody hears a step.
/// As many samples come out as go in.
class Leveler final : public PcmSink {
public:
    /// The highest sample that comes out, full scale being 1: 2 dB below it, since between samples,
    /// and after MP3, peaks come out higher than they went in. As ffmpeg's loudnorm has it.
    static constexpr double ceiling = 0.794328;

    /// @param gain factor. @param to gets the samples; outlives the leveler.
    Leveler(double gain, const EncoderSettings &settings, PcmSink &to);

    PcmBlock &block() noexcept override { return block_; }
    void add(int samples) override;

    /// Hands on what it has held back. Nothing may be added afterwards.
    void finish();

private:
    struct Sample {
        float left = 0;
        float right = 0;
    };

    void take(Sample sample);
    double least_ahead(double factor);
    double smoothed(double factor);
    void hand_on(Sample sample);

    PcmSink &to_;
    const double gain_;
    const int channels_;
    const size_t ahead_; ///< samples looked at before the one that is handed on
    const double recovery_;
    PcmBlock block_;
    uint64_t taken_ = 0;
    std::vector<Sample> held_;                       ///< a ring
    std::deque<std::pair<uint64_t, double>> minima_; ///< factors ahead that are less than any later
    double recovered_ = 1;
    std::vector<double> factors_; ///< a ring of the last ones
    double factors_sum_;
};

} // namespace mp3conv::convert
