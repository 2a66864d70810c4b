#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/options.hpp"
#include "daemon/convert/decoder.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/pcm.hpp"
#include "daemon/convert/resampler.hpp"
#include "daemon/convert/sample_range.hpp"

namespace mp3conv::convert {

/// Decodes the wanted part of a track, at the rate and with the channels that its MP3 will have.
/// The decoder's first frame settles them: only then are the source's certain.
class Decoding {
public:
    /// Called once, before the first sample. @return where the samples go.
    using Begin = std::function<PcmSink &(const EncoderSettings &)>;

    /// @param track, options outlive it.
    /// @param most_s of sound, before it is given up as too long.
    /// @throws Error{unsupported_codec}.
    Decoding(const AVStream &track, const Options &options, double most_s, Begin begin);

    /// @throws Error{too_long}, {unsupported_codec}.
    void add(const AVPacket &packet);

    /// Hands on what is left. Nothing may be added afterwards.
    /// @throws Error{corrupt_media}, {invalid_option} where there was nothing to hand on.
    void finish();

    /// @return whether packets to come would change nothing.
    bool is_over() const noexcept { return range_.is_over(); }

    /// @return seconds that came out of the decoder, and of those what is silence for damage.
    double decoded_s() const noexcept { return decoded_s_; }
    double lost_s() const noexcept { return decoder_.lost_s(); }

private:
    void take(const AVFrame &frame);
    void hand_on(const AVFrame &frame);
    void start(const AVFrame &frame);

    const Options &options_;
    const double most_s_;
    Begin begin_;
    Decoder decoder_;
    SampleRange range_;
    std::optional<Resampler> resampler_;
    PcmSink *sink_ = nullptr;
    uint64_t packets_ = 0;
    double decoded_s_ = 0;
};

} // namespace mp3conv::convert
