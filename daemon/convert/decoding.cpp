#include "daemon/convert/decoding.hpp"

#include <utility>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/convert/length.hpp"

namespace mp3conv::convert {

Decoding::Decoding(const AVStream &track, const Options &options, double most_s, Begin begin) :
    options_{options},
    most_s_{most_s},
    begin_{std::move(begin)},
    decoder_{track},
    range_{options} {}

void Decoding::add(const AVPacket &packet) {
    ++packets_;
    decoder_.decode(packet, [this](const AVFrame &frame) { take(frame); });
}

void Decoding::finish() {
    decoder_.drain([this](const AVFrame &frame) { take(frame); });
    if (packets_ == 0) {
        throw Error{Errc::corrupt_media, "its audio track is empty; nothing to convert"};
    }
    if (!resampler_ && decoded_s_ > 0) {
        throw Error{Errc::invalid_option, "option start: behind the end of the audio, which is " +
                                              format_duration(decoded_s_) + " long"};
    }
    if (!resampler_) {
        throw Error{Errc::corrupt_media,
                    "its audio is damaged: nothing could be decoded; check that it plays"};
    }
    resampler_->flush(*sink_);
}

void Decoding::take(const AVFrame &frame) {
    decoded_s_ += static_cast<double>(frame.nb_samples) / frame.sample_rate;
    check_length(decoded_s_, most_s_);
    range_.pass(frame, [this](const AVFrame &part) { hand_on(part); });
}

void Decoding::hand_on(const AVFrame &frame) {
    if (!resampler_) start(frame);
    resampler_->convert(frame, *sink_);
}

void Decoding::start(const AVFrame &frame) {
    const auto settings = settle(options_, frame.sample_rate, frame.ch_layout.nb_channels);
    sink_ = &begin_(settings);
    resampler_.emplace(settings.rate_hz, settings.channels);
}

} // namespace mp3conv::convert
