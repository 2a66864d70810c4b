#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>

#include "common/error.hpp"
#include "common/media/demuxer.hpp"
#include "common/media/excerpt.hpp"
#include "common/media/metadata.hpp"
#include "common/media/track.hpp"
#include "daemon/convert/frame_copy.hpp"
#include "daemon/convert/id3.hpp"
#include "daemon/convert/length.hpp"
#include "daemon/convert/loudness.hpp"
#include "daemon/convert/metadata_options.hpp"
#include "daemon/convert/normalization.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/reencoding.hpp"

namespace mp3conv::convert {
namespace {

// Of the work that is left, what it takes to hear the source: decoding is quick.
constexpr double hearing_part = 0.1;

/// Tells how far a track is decoded.
class ProgressMeter {
public:
    /// @param end_s of what is wanted of it.
    ProgressMeter(const AVFormatContext &container, const AVStream &track,
                  std::optional<double> end_s) :
        tick_s_{av_q2d(track.time_base)} {
        if (track.start_time != AV_NOPTS_VALUE) start_ = static_cast<double>(track.start_time);
        if (container.duration > 0) {
            track_s_ = static_cast<double>(container.duration) / AV_TIME_BASE;
        }
        if (track.duration > 0) track_s_ = static_cast<double>(track.duration) * tick_s_;
        wanted_s_ = std::min(track_s_, end_s.value_or(track_s_));
    }

    void see(const AVPacket &packet) {
        if (wanted_s_ <= 0 || packet.pts == AV_NOPTS_VALUE) return;
        const double end = static_cast<double>(packet.pts) + static_cast<double>(packet.duration);
        done_ = std::max(done_, std::min((end - start_) * tick_s_ / wanted_s_, 1.0));
    }

    /// @return 0 to 1; 0 where nobody knows how long the track is.
    double done() const noexcept { return done_; }

    /// @return 0 where nobody knows.
    double track_s() const noexcept { return track_s_; }

private:
    double tick_s_;
    double start_ = 0;
    double track_s_ = 0;
    double wanted_s_ = 0;
    double done_ = 0;
};

/// @return what its owner should know of what is missing.
std::optional<std::string> note_on(const media::Metadata &metadata) {
    const size_t chapters = metadata.chapters.size();
    if (chapters <= most_chapters) return std::nullopt;
    return "only the first " + std::to_string(most_chapters) + " of " + std::to_string(chapters) +
           " chapters are in the mp3; its table of contents has room for no more";
}

/// One way from source to MP3.
class Conversion {
public:
    Conversion(const media::Source &source, int mp3, const Options &options, Cores &cores,
               const Progress &progress) :
        options_{options},
        most_s_{most_seconds(source.size())},
        progress_{progress},
        seat_{cores},
        source_{source},
        demuxer_{source},
        output_{mp3} {
        demuxer_.select(media::choose_track(demuxer_.container(), options_));
        meter_.emplace(demuxer_.container(), demuxer_.track(), options_.end_s);
        check_index();
        way_ = choose_way();
    }

    Report run() {
        auto metadata = media::read_metadata(demuxer_.container(), demuxer_.track());
        metadata.chapters = media::chapters_between(std::move(metadata.chapters),
                                                    options_.start_s.value_or(0), options_.end_s);
        apply(options_, metadata);
        output_.write(id3_tag(metadata));
        add_packets();
        const Made made = way_->finish();
        if (options_.id3v1) output_.write(id3v1_tag(metadata.tags));
        output_.flush();
        if (made.lost_s > made.source_s / 2) {
            throw Error{Errc::corrupt_media, "its audio is damaged: less than half could be "
                                             "decoded; check that it plays"};
        }
        Report report = report_on(made);
        report.note = note_on(metadata);
        return report;
    }

private:
    /// A few bytes that are played again and again: a second of sound can so become a year.
    void check_index() const {
        if (!demuxer_.completeness().repeats(demuxer_.track())) return;
        throw Error{Errc::too_long, "its index plays the same bytes again and again; convert it to "
                                    "another format first"};
    }

    std::unique_ptr<Way> choose_way() {
        if (can_copy(options_, demuxer_.track())) {
            return std::make_unique<FrameCopy>(demuxer_, output_, most_s_);
        }
        return std::make_unique<Reencoding>(
            demuxer_.track(), options_, most_s_, gain(),
            Reencoding::Target{seat_, output_, [this] { tell_progress(); }});
    }

    std::optional<double> gain() {
        if (!options_.normalize_lufs) return std::nullopt;
        return find_gain(*options_.normalize_lufs, [this](auto factor) { return hear(factor); });
    }

    /// As Hear has it.
    std::optional<Loudness> hear(std::optional<double> gain) {
        std::optional<LoudnessMeter> meter;
        std::optional<Leveler> leveler;
        media::Demuxer demuxer{source_};
        demuxer.select(media::choose_track(demuxer.container(), options_));
        Decoding decoding{demuxer.track(), options_, most_s_,
                          [&](const EncoderSettings &settings) -> PcmSink & {
                              meter.emplace(settings);
                              if (!gain) return *meter;
                              return leveler.emplace(*gain, settings, *meter);
                          }};
        ProgressMeter progress{demuxer.container(), demuxer.track(), options_.end_s};
        const media::Packet packet{av_packet_alloc()};
        if (!packet) throw std::bad_alloc{};
        while (!decoding.is_over() && demuxer.read(*packet)) {
            decoding.add(*packet);
            progress.see(*packet);
            tell(heard_part_ + (1 - heard_part_) * hearing_part * progress.done());
        }
        heard_part_ += (1 - heard_part_) * hearing_part;
        decoding.finish();
        if (leveler) leveler->finish();
        return meter->loudness();
    }

    void add_packets() {
        const media::Packet packet{av_packet_alloc()};
        if (!packet) throw std::bad_alloc{};
        while (!way_->is_full() && demuxer_.read(*packet)) {
            way_->add(*packet);
            meter_->see(*packet);
            tell_progress();
        }
    }

    void tell_progress() {
        tell(heard_part_ + (1 - heard_part_) * meter_->done() * way_->done_part());
    }

    void tell(double done) {
        done_ = std::max(done_, done);
        if (progress_) progress_(done_);
    }

    Report report_on(const Made &made) const {
        Report report;
        // Where the end is not waited for, the container may know it.
        const double told_s = way_->is_full() ? meter_->track_s() : 0;
        report.source.duration_s = std::max(made.source_s, told_s);
        if (made.lost_s > 0) report.source.lost_s = made.lost_s;
        report.source.truncated =
            demuxer_.completeness().is_cut(demuxer_.track(), *report.source.duration_s);
        report.source.format = demuxer_.format();
        report.source.codec = avcodec_get_name(demuxer_.track().codecpar->codec_id);
        report.duration_s = made.mp3_s;
        if (made.mp3_s > 0) {
            const auto bits = static_cast<double>(made.mp3_bytes) * 8;
            report.bitrate_bps = static_cast<int>(bits / made.mp3_s);
        }
        return report;
    }

    const Options &options_;
    const double most_s_;
    const Progress &progress_;
    const Cores::Seat seat_;
    const media::Source source_;
    media::Demuxer demuxer_;
    Output output_;
    std::optional<ProgressMeter> meter_;
    std::unique_ptr<Way> way_;
    double heard_part_ = 0; ///< of the work, what hearing was
    double done_ = 0;
};

} // namespace

Report convert(const media::Source &source, int mp3, const Options &options, Cores &cores,
               const Progress &progress) {
    av_log_set_level(AV_LOG_QUIET); // what matters of it comes back as an Error
    return Conversion{source, mp3, options, cores, progress}.run();
}

} // namespace mp3conv::convert
