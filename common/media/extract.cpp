#include "common/media/extract.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/media/demuxer.hpp"
#include "common/media/excerpt.hpp"
#include "common/media/fingerprint.hpp"
#include "common/media/metadata.hpp"
#include "common/media/muxer.hpp"
#include "common/media/track.hpp"

namespace mp3conv::media {
namespace {

constexpr const char *most_capable = "matroska"; // of the containers: takes nearly any codec

constexpr double played_to_the_end = std::numeric_limits<double>::infinity();

constexpr size_t largest_mp3_frame_bytes = 1441; // 320 kbit/s at 32 kHz, with padding

// Which muxer writes what Demuxer::format() names. The source's own kind of container comes first:
// it holds the track as it is, in the same units of time, and the server names the same format.
constexpr std::array<std::pair<std::string_view, const char *>, 12> muxers{{
    {"mp4", "mp4"},
    {"m4a", "ipod"},
    {"3gp", "3gp"},
    {"mov", "mov"},
    {"mov", "mp4"}, // for tags that the first muxer does not know
    {"webm", "webm"},
    {"avi", "avi"},
    {"mpegts", "mpegts"},
    {"flv", "flv"},
    {"ogg", "ogg"},
    {"asf", "asf"},
    {"mpeg", "vob"},
}};

std::vector<const char *> muxers_for(std::string_view format) {
    std::vector<const char *> names;
    for (const auto &[from, to] : muxers) {
        if (from == format) names.push_back(to);
    }
    names.push_back(most_capable);
    return names;
}

bool is_worth_leaving_out(const AVStream &stream) {
    const AVMediaType type = stream.codecpar->codec_type;
    const bool is_cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    return type == AVMEDIA_TYPE_AUDIO || (type == AVMEDIA_TYPE_VIDEO && !is_cover);
}

bool has_more_than(const AVFormatContext &container, const AVStream &track) {
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        const AVStream &stream = *container.streams[i];
        if (&stream != &track && is_worth_leaving_out(stream)) return true;
    }
    return false;
}

/// Opens a file and selects a track of it.
void open_track(std::optional<Demuxer> &demuxer, const Source &source, const Options &options) {
    demuxer.emplace(source);
    demuxer->select(choose_track(demuxer->container(), options));
}

class Extraction {
public:
    Extraction(const Source &source, int target, const Options &options,
               const Meanwhile &meanwhile) :
        source_{source},
        target_{target},
        options_{options},
        meanwhile_{meanwhile},
        most_bytes_{source.size() / 10 * 9}, // a tenth less is worth the work
        packet_{av_packet_alloc()} {
        if (!packet_) throw std::bad_alloc{};
    }

    std::optional<Extract> run() {
        open_track(demuxer_, source_, options_);
        const bool is_part = options_.start_s || options_.end_s;
        if (!is_part && !has_more_than(demuxer_->container(), demuxer_->track())) return {};
        for (const char *muxer : muxers_for(demuxer_->format())) {
            if (extract_into(muxer)) return Extract{excerpt_->begin_s()};
            if (is_too_large_ || is_cut_) return {};
            start_over();
        }
        return {};
    }

private:
    bool extract_into(const char *container) {
        excerpt_.emplace(demuxer_->track(), options_);
        if (!read_needed() || has_tag_in_front()) return false;
        Metadata metadata = read_metadata(demuxer_->container(), demuxer_->track());
        metadata.chapters = chapters_between(metadata.chapters, excerpt_->begin_s(), std::nullopt);
        Muxer muxer{target_, container};
        if (!muxer.start(demuxer_->track(), metadata)) return false;
        const auto sound = copy_packets(muxer);
        return sound && muxer.finish() && is_small(muxer) && target_has(metadata, *sound);
    }

    void start_over() {
        open_track(demuxer_, source_, options_);
        if (::ftruncate(target_, 0) == 0) return;
        throw Error{Errc::local_file, "cannot empty a temporary file: " + errno_text()};
    }

    /// Reads the next packet that is to be copied. @return false behind the last.
    bool read_needed() {
        while (demuxer_->read(*packet_)) {
            meanwhile_(part_read());
            const auto place = excerpt_->place_of(*packet_);
            if (place != Excerpt::Place::before) return place == Excerpt::Place::within;
        }
        return false;
    }

    /// Copies the packet that was read, and those behind it.
    /// @return the fingerprint of what was copied; nullopt where the muxer could not take it.
    std::optional<std::string> copy_packets(Muxer &muxer) {
        Fingerprint fingerprint{demuxer_->track()};
        do {
            excerpt_->move(*packet_);
            fingerprint.add(*packet_);
            if (!muxer.write(*packet_)) return std::nullopt;
            if (!is_small(muxer)) return std::nullopt;
        } while (read_needed());
        // The server can tell so only of the file itself.
        is_cut_ = demuxer_->completeness().is_cut(demuxer_->track(), played_to_the_end);
        if (is_cut_) return std::nullopt;
        return fingerprint.finish();
    }

    /// @return how much of the source is read, 0 to 1, by the packet's time.
    double part_read() const {
        const int64_t whole = demuxer_->container().duration; // in AV_TIME_BASE
        if (whole <= 0 || packet_->pts == AV_NOPTS_VALUE) return 0;
        const double at_s = static_cast<double>(packet_->pts) * av_q2d(demuxer_->track().time_base);
        return std::clamp(at_s * AV_TIME_BASE / static_cast<double>(whole), 0.0, 1.0);
    }

    bool is_small(const Muxer &muxer) {
        is_too_large_ = muxer.size_bytes() > most_bytes_;
        return !is_too_large_;
    }

    /// An MP3's tag frame may lie in front of the first packet, where the copy would lose it.
    bool has_tag_in_front() const {
        if (demuxer_->track().codecpar->codec_id != AV_CODEC_ID_MP3) return false;
        const std::string bytes = demuxer_->bytes_before(packet_->pos, largest_mp3_frame_bytes);
        return bytes.find("Xing") != std::string::npos || bytes.find("Info") != std::string::npos;
    }

    bool target_has(const Metadata &metadata, const std::string &sound) try {
        std::optional<Demuxer> extract;
        open_track(extract, target_, {});
        Fingerprint fingerprint{extract->track()};
        while (extract->read(*packet_)) {
            meanwhile_(1);
            fingerprint.add(*packet_);
        }
        return fingerprint.finish() == sound &&
               read_metadata(extract->container(), extract->track()) == metadata;
    } catch (const Error &e) {
        if (e.code() == Errc::not_media || e.code() == Errc::no_audio_track) return false;
        throw;
    }

    const Source source_;
    const int target_;
    const Options &options_;
    const Meanwhile &meanwhile_;
    const uint64_t most_bytes_;
    const Packet packet_;
    std::optional<Demuxer> demuxer_;
    std::optional<Excerpt> excerpt_;
    bool is_too_large_ = false;
    bool is_cut_ = false;
};

} // namespace

std::optional<Extract> extract_audio(const Source &source, int target, const Options &options,
                                     const Meanwhile &meanwhile) {
    av_log_set_level(AV_LOG_QUIET); // what matters of it comes back
    return Extraction{source, target, options, meanwhile}.run();
}

} // namespace mp3conv::media
