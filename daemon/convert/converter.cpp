#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <new>
#include <optional>

#include "common/error.hpp"
#include "daemon/convert/decoder.hpp"
#include "daemon/convert/demuxer.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/id3.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/parallel_encoder.hpp"
#include "daemon/convert/resampler.hpp"
#include "daemon/convert/tags.hpp"
#include "daemon/convert/track.hpp"

namespace mp3conv::convert {
namespace {

/// Tells how far a track is decoded.
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

    void see(const AVPacket &packet) {
        if (duration_s_ <= 0 || packet.pts == AV_NOPTS_VALUE) return;
        const double end = static_cast<double>(packet.pts) + static_cast<double>(packet.duration);
        done_ = std::max(done_, std::min((end - start_) * tick_s_ / duration_s_, 1.0));
    }

    /// @return 0 to 1; 0 where nobody knows how long the track is.
    double done() const noexcept { return done_; }

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
    Conversion(int source, int mp3, const Options &options, Cores &cores,
               const Progress &progress) :
        options_{options},
        progress_{progress},
        seat_{cores},
        demuxer_{source},
        output_{mp3} {
        demuxer_.select(choose_track(demuxer_.container(), options_));
        decoder_.emplace(demuxer_.track());
        meter_.emplace(demuxer_.container(), demuxer_.track());
    }

    Report run() {
        output_.write(id3_tag(read_tags(demuxer_.container(), demuxer_.track())));
        decode_all();
        check_decoded();
        resampler_->flush(encoder_->input());
        encoder_->finish();
        return report();
    }

private:
    void decode_all() {
        const auto take = [this](const AVFrame &frame) { encode(frame); };
        const media::Packet packet{av_packet_alloc()};
        if (!packet) throw std::bad_alloc{};
        while (demuxer_.read(*packet)) {
            decoder_->decode(*packet, take);
            meter_->see(*packet);
            tell_progress();
        }
        decoder_->drain(take);
    }

    void encode(const AVFrame &frame) {
        if (!encoder_) start(frame);
        decoded_s_ += static_cast<double>(frame.nb_samples) / frame.sample_rate;
        resampler_->convert(frame, encoder_->input());
    }

    void start(const AVFrame &frame) {
        settings_ = settle(options_, frame.sample_rate, frame.ch_layout.nb_channels);
        resampler_.emplace(settings_.rate_hz, settings_.channels);
        encoder_.emplace(settings_, seat_, output_, [this] { tell_progress(); });
    }

    /// Decoding is ahead of encoding: what counts is the part of the decoded that is encoded.
    void tell_progress() {
        if (encoder_) done_ = std::max(done_, meter_->done() * encoder_->encoded_part());
        if (progress_) progress_(done_);
    }

    void check_decoded() const {
        if (decoder_->packets() == 0) {
            throw Error{Errc::corrupt_media, "its audio track is empty; nothing to convert"};
        }
        if (!encoder_) {
            throw Error{Errc::corrupt_media,
                        "its audio is damaged: nothing could be decoded; check that it plays"};
        }
        if (decoder_->lost_s() > decoded_s_ / 2) {
            throw Error{Errc::corrupt_media, "its audio is damaged: less than half could be "
                                             "decoded; check that it plays"};
        }
    }

    Report report() const {
        Report report;
        report.source.duration_s = decoded_s_;
        if (decoder_->lost_s() > 0) report.source.lost_s = decoder_->lost_s();
        report.source.format = demuxer_.format();
        report.source.codec = avcodec_get_name(demuxer_.track().codecpar->codec_id);
        report.duration_s = static_cast<double>(encoder_->samples()) / settings_.rate_hz;
        if (report.duration_s > 0) {
            report.bitrate_bps =
                static_cast<int>(static_cast<double>(encoder_->bytes()) * 8 / report.duration_s);
        }
        return report;
    }

    const Options &options_;
    const Progress &progress_;
    const Cores::Seat seat_;
    Demuxer demuxer_;
    Output output_;
    std::optional<Decoder> decoder_;
    EncoderSettings settings_;
    std::optional<Resampler> resampler_;
    std::optional<ParallelEncoder> encoder_;
    std::optional<ProgressMeter> meter_;
    double decoded_s_ = 0;
    double done_ = 0;
};

} // namespace

Report convert(int source, int mp3, const Options &options, Cores &cores,
               const Progress &progress) {
    av_log_set_level(AV_LOG_QUIET); // what matters of it comes back as an Error
    return Conversion{source, mp3, options, cores, progress}.run();
}

} // namespace mp3conv::convert
