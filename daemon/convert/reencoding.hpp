#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/options.hpp"
#include "daemon/convert/cores.hpp"
#include "daemon/convert/decoder.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/parallel_encoder.hpp"
#include "daemon/convert/resampler.hpp"
#include "daemon/convert/sample_range.hpp"
#include "daemon/convert/way.hpp"

namespace mp3conv::convert {

/// Decodes a track, resamples it where that is needed, and encodes it. The decoder's first frame
/// settles what the MP3 is like: only then are rate and channels certain.
class Reencoding final : public Way {
public:
    /// @param track, options, seat, output outlive it; `meanwhile` is as for ParallelEncoder.
    /// @param most_s of sound, before it is given up as too long.
    /// @throws Error{unsupported_codec}.
    Reencoding(const AVStream &track, const Options &options, const Cores::Seat &seat,
               Output &output, double most_s, std::function<void()> meanwhile);

    void add(const AVPacket &packet) override;
    Made finish() override;
    /// Decoding is ahead of encoding: what counts is what is encoded.
    double done_part() const override { return encoder_ ? encoder_->encoded_part() : 0; }

    bool is_full() const override { return range_.is_over(); }

private:
    void take(const AVFrame &frame);
    void encode(const AVFrame &frame);
    void start(const AVFrame &frame);

    const Options &options_;
    const Cores::Seat &seat_;
    Output &output_;
    const double most_s_;
    std::function<void()> meanwhile_;
    Decoder decoder_;
    SampleRange range_;
    EncoderSettings settings_;
    std::optional<Resampler> resampler_;
    std::optional<ParallelEncoder> encoder_;
    uint64_t packets_ = 0;
    double decoded_s_ = 0;
};

} // namespace mp3conv::convert
