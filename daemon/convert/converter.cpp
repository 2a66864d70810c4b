#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <new>
#include <optional>

#include "common/error.hpp"
#include "daemon/convert/decoder.hpp"
#include "daemon/convert/demuxer.hpp"
#include "daemon/convert/encoder.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/id3.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/resampler.hpp"
#include "daemon/convert/tags.hpp"
#include "daemon/convert/track.hpp"

namespace mp3conv::convert {
namespace {

/// Tells how far a packet is into its track.
class ProgressMeter {
public:
    ProgressMeter(const AVFormatContext &container, const AVStream &track) :
        tick_s_{av_q2d(track.time_base)} {
        if (track.start_time != AV_NOPTS_VALUE) start_ = static_cast<double>(track.start_time);
        if (container.duration > 0) {
            duration_s_ = static_cast<double>(container.duration) / AV_TIME_BASE;
        }
        if (track.duration > 0) duration_s_ = static_cast<double>(track.duration) * tick_s_;
    }

    /// @return 0 to 1, never less than before; 0 where nobody knows how long the track is.
    double at(const AVPacket &packet) {
        if (duration_s_ <= 0 || packet.pts == AV_NOPTS_VALUE) return done_;
        const double end = static_cast<double>(packet.pts) + static_cast<double>(packet.duration);
        done_ = std::max(done_, std::min((end - start_) * tick_s_ / duration_s_, 1.0));
        return done_;
    }

private:
    double tick_s_;
    double start_ = 0;
    double duration_s_ = 0;
    double done_ = 0;
};

/// One way from source to MP3. The decoder's first frame settles what the MP3 is like: only then
/// are rate and channels certain.
class Conversion {
public:
    Conversion(int source, int mp3, const Options &options) :
        options_{options},
        demuxer_{source},
        output_{mp3} {
        demuxer_.select(choose_track(demuxer_.container(), options_));
        decoder_.emplace(demuxer_.track());
    }

    Report run(const Progress &progress) {
        output_.write(id3_tag(read_tags(demuxer_.container(), demuxer_.track())));
        decode_all(progress);
        check_decoded();
        encoder_->encode(resampler_->flush());
        return report(encoder_->finish());
    }

private:
    void decode_all(const Progress &progress) {
        const auto take = [this](const AVFrame &frame) { encode(frame); };
        const media::Packet packet{av_packet_alloc()};
        if (!packet) throw std::bad_alloc{};
        ProgressMeter meter{demuxer_.container(), demuxer_.track()};
        while (demuxer_.read(*packet)) {
            decoder_->decode(*packet, take);
            if (progress) progress(meter.at(*packet));
        }
        decoder_->drain(take);
    }

    void encode(const AVFrame &frame) {
        if (!encoder_) start(frame);
        decoded_s_ += static_cast<double>(frame.nb_samples) / frame.sample_rate;
        encoder_->encode(resampler_->convert(frame));
    }

    void start(const AVFrame &frame) {
        settings_ = settle(options_, frame.sample_rate, frame.ch_layout.nb_channels);
        resampler_.emplace(settings_.rate_hz, settings_.channels);
        encoder_.emplace(settings_, output_);
    }

    void check_decoded() const {
        if (decoder_->packets() == 0) {
            throw Error{Errc::corrupt_media, "its audio track is empty; nothing to convert"};
        }
        if (!encoder_) {
            throw Error{Errc::corrupt_media,
                        "its audio is damaged: nothing could be decoded; check that it plays"};
        }
        if (decoder_->broken_packets() > decoder_->packets() / 2) {
            throw Error{Errc::corrupt_media, "its audio is damaged: less than half could be "
                                             "decoded; check that it plays"};
        }
    }

    Report report(const Encoder::Totals &totals) const {
        Report report;
        report.source.duration_s = decoded_s_;
        report.source.format = demuxer_.format();
        report.source.codec = avcodec_get_name(demuxer_.track().codecpar->codec_id);
        report.duration_s = static_cast<double>(totals.samples) / settings_.rate_hz;
        if (totals.samples > 0) {
            report.bitrate_bps =
                static_cast<int>(static_cast<double>(totals.bytes) * 8 / report.duration_s);
        }
        return report;
    }

    const Options &options_;
    Demuxer demuxer_;
    Output output_;
    std::optional<Decoder> decoder_;
    EncoderSettings settings_;
    std::optional<Resampler> resampler_;
    std::optional<Encoder> encoder_;
    double decoded_s_ = 0;
};

} // namespace

Report convert(int source, int mp3, const Options &options, const Progress &progress) {
    av_log_set_level(AV_LOG_QUIET); // what matters of it comes back as an Error
    return Conversion{source, mp3, options}.run(progress);
}

} // namespace mp3conv::convert
