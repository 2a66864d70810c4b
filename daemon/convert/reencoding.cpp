#include "daemon/convert/reencoding.hpp"

#include <utility>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/convert/length.hpp"

namespace mp3conv::convert {

Reencoding::Reencoding(const AVStream &track, const Options &options, const Cores::Seat &seat,
                       Output &output, double most_s, std::function<void()> meanwhile) :
    options_{options},
    seat_{seat},
    output_{output},
    most_s_{most_s},
    meanwhile_{std::move(meanwhile)},
    decoder_{track},
    range_{options} {}

void Reencoding::add(const AVPacket &packet) {
    ++packets_;
    decoder_.decode(packet, [this](const AVFrame &frame) { take(frame); });
}

Made Reencoding::finish() {
    decoder_.drain([this](const AVFrame &frame) { take(frame); });
    if (packets_ == 0) {
        throw Error{Errc::corrupt_media, "its audio track is empty; nothing to convert"};
    }
    if (!encoder_ && decoded_s_ > 0) {
        throw Error{Errc::invalid_option, "option start: behind the end of the audio, which is " +
                                              format_duration(decoded_s_) + " long"};
    }
    if (!encoder_) {
        throw Error{Errc::corrupt_media,
                    "its audio is damaged: nothing could be decoded; check that it plays"};
    }
    resampler_->flush(encoder_->input());
    encoder_->finish();
    const double mp3_s = static_cast<double>(encoder_->samples()) / settings_.rate_hz;
    return {decoded_s_, decoder_.lost_s(), mp3_s, encoder_->bytes()};
}

void Reencoding::take(const AVFrame &frame) {
    decoded_s_ += static_cast<double>(frame.nb_samples) / frame.sample_rate;
    check_length(decoded_s_, most_s_);
    range_.pass(frame, [this](const AVFrame &part) { encode(part); });
}

void Reencoding::encode(const AVFrame &frame) {
    if (!encoder_) start(frame);
    resampler_->convert(frame, encoder_->input());
}

void Reencoding::start(const AVFrame &frame) {
    settings_ = settle(options_, frame.sample_rate, frame.ch_layout.nb_channels);
    resampler_.emplace(settings_.rate_hz, settings_.channels);
    encoder_.emplace(settings_, seat_, output_, meanwhile_);
}

} // namespace mp3conv::convert
