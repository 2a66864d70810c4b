#include "daemon/convert/reencoding.hpp"

#include <utility>

namespace mp3conv::convert {

Reencoding::Reencoding(const AVStream &track, const Options &options, double most_s,
                       std::optional<double> gain, Target target) :
    gain_{gain},
    target_{std::move(target)},
    decoding_{track, options, most_s,
              [this](const EncoderSettings &settings) -> PcmSink & { return start(settings); }} {}

PcmSink &Reencoding::start(const EncoderSettings &settings) {
    rate_hz_ = settings.rate_hz;
    encoder_.emplace(settings, target_.seat, target_.output, target_.meanwhile);
    if (!gain_) return encoder_->input();
    return leveler_.emplace(*gain_, settings, encoder_->input());
}

Made Reencoding::finish() {
    decoding_.finish();
    if (leveler_) leveler_->finish();
    encoder_->finish();
    const double mp3_s = static_cast<double>(encoder_->samples()) / rate_hz_;
    return {decoding_.decoded_s(), decoding_.lost_s(), mp3_s, encoder_->bytes()};
}

} // namespace mp3conv::convert
