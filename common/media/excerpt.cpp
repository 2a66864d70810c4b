#include "common/media/excerpt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common/media/skips.hpp"

namespace mp3conv::media {
namespace {

constexpr double warm_up_s = 1; // far more than a decoder remembers
constexpr double tail_s = 2;    // priming, and the last packet's own length

/// From the first packet on, their decoders put out as many samples as a packet lasts. Vorbis,
/// Opus and MP3 begin with less, or with an error.
constexpr std::array begin_at_once{AV_CODEC_ID_AAC, AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3,
                                   AV_CODEC_ID_FLAC, AV_CODEC_ID_ALAC};

bool begins_at_once(AVCodecID codec) {
    return av_get_exact_bits_per_sample(codec) > 0 ||
           std::find(begin_at_once.begin(), begin_at_once.end(), codec) != begin_at_once.end();
}

/// Where a sample lasts no whole number of ticks, times are rounded: Matroska's to milliseconds.
bool counts_samples(const AVStream &track) {
    const int64_t rate_hz = track.codecpar->sample_rate;
    return rate_hz > 0 && track.time_base.den % (rate_hz * track.time_base.num) == 0;
}

} // namespace

Excerpt::Excerpt(const AVStream &track, const Options &options) :
    tick_{track.time_base},
    rate_hz_{std::max(1, track.codecpar->sample_rate)},
    options_{options},
    can_drop_head_{begins_at_once(track.codecpar->codec_id) && counts_samples(track)} {}

Excerpt::Place Excerpt::place_of(const AVPacket &packet) {
    if (packet.pts == AV_NOPTS_VALUE) return Place::within;
    note_zero(packet);
    const double at_s = zero_ ? seconds(packet.pts - *zero_) : 0;
    if (options_.end_s && at_s > *options_.end_s + tail_s) return Place::behind;
    if (can_drop_head_ && at_s < options_.start_s.value_or(0) - warm_up_s) return Place::before;
    if (!begin_) begin_ = packet.pts;
    return Place::within;
}

/// What is discarded whole, and what is skipped of the first that is not, is not of the recording.
void Excerpt::note_zero(const AVPacket &packet) {
    if (zero_ || (packet.flags & AV_PKT_FLAG_DISCARD) != 0) return;
    zero_ = packet.pts + av_rescale_q(skips_of(packet).front, {1, rate_hz_}, tick_);
}

void Excerpt::move(AVPacket &packet) const {
    if (begin_s() <= 0) return; // from the very first on, times stay what they are
    if (packet.pts != AV_NOPTS_VALUE) packet.pts -= *begin_;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts -= *begin_;
}

double Excerpt::begin_s() const {
    return zero_ && begin_ ? std::max(0.0, seconds(*begin_ - *zero_)) : 0;
}

std::vector<Chapter> chapters_between(std::vector<Chapter> chapters, double start_s,
                                      std::optional<double> end_s) {
    const auto start_ms = static_cast<uint32_t>(std::llround(start_s * 1000));
    const auto end_ms = end_s ? static_cast<uint32_t>(std::llround(*end_s * 1000))
                              : std::numeric_limits<uint32_t>::max();
    std::erase_if(chapters, [&](const Chapter &chapter) {
        return chapter.end_ms <= start_ms || chapter.start_ms >= end_ms;
    });
    for (Chapter &chapter : chapters) {
        chapter.start_ms = std::max(chapter.start_ms, start_ms) - start_ms;
        chapter.end_ms = std::min(chapter.end_ms, end_ms) - start_ms;
    }
    return chapters;
}

} // namespace mp3conv::media
