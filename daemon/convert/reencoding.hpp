#pragma once

#include <functional>
#include <optional>

#include "common/options.hpp"
#include "daemon/convert/cores.hpp"
#include "daemon/convert/decoding.hpp"
#include "daemon/convert/leveler.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/parallel_encoder.hpp"
#include "daemon/convert/way.hpp"

namespace mp3conv::convert {

/// Decodes a track and encodes it.
class Reencoding final : public Way {
public:
    struct Target {
        const Cores::Seat &seat;
        Output &output;
        std::function<void()> meanwhile; ///< as for ParallelEncoder
    };

    /// @param track, options, seat, output outlive it.
    /// @param most_s of sound, before it is given up as too long.
    /// @param gain factor by which it is made louder; nullopt leaves every sample as it is.
    /// @throws Error{unsupported_codec}.
    Reencoding(const AVStream &track, const Options &options, double most_s,
               std::optional<double> gain, Target target);

    void add(const AVPacket &packet) override { decoding_.add(packet); }
    Made finish() override;
    /// Decoding is ahead of encoding: what counts is what is encoded.
    double done_part() const override { return encoder_ ? encoder_->encoded_part() : 0; }

    bool is_full() const override { return decoding_.is_over(); }

private:
    PcmSink &start(const EncoderSettings &settings);

    std::optional<double> gain_;
    Target target_;
    Decoding decoding_;
    int rate_hz_ = 0;
    std::optional<ParallelEncoder> encoder_;
    std::optional<Leveler> leveler_;
};

} // namespace mp3conv::convert
