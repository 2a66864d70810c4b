#pragma once

#include <ebur128.h>
#include <memory>
#include <optional>
#include <vector>

#include "common/media/handles.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

struct Loudness {
    double lufs; ///< integrated, to 0.1
    double peak; ///< the highest sample, full scale being 1
};

/// Measures the loudness of what it is given (EBU R 128, ITU-R BS.1770-4), in memory that does not
/// grow with it. One channel counts as one, as with ffmpeg's ebur128.
class LoudnessMeter final : public PcmSink {
public:
    explicit LoudnessMeter(const EncoderSettings &settings);

    PcmBlock &block() noexcept override { return block_; }
    void add(int samples) override;

    /// @return nullopt where all is silence or too short for a reading (0.4 s).
    std::optional<Loudness> loudness() const;

private:
    std::unique_ptr<ebur128_state, media::Deleter<ebur128_destroy>> state_;
    PcmBlock block_;
    std::vector<float> interleaved_;
    float peak_ = 0;
};

} // namespace mp3conv::convert
