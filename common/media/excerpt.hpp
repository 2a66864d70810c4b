#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/media/handles.hpp"
#include "common/media/metadata.hpp"
#include "common/options.hpp"

namespace mp3conv::media {

/// The packets of a track that somebody needs who decodes the part of it between Options::start_s
/// and end_s. Packets in front of it are needed too, on which the decoder warms up; where it cannot
/// be told to the sample at which place of the recording a packet begins, they are all needed.
class Excerpt {
public:
    /// @param track, options outlive it.
    Excerpt(const AVStream &track, const Options &options);

    enum class Place { before, within, behind };

    /// Where the next packet of the track lies.
    Place place_of(const AVPacket &packet);

    /// Counts a packet's time from the first one that was needed.
    void move(AVPacket &packet) const;

    /// @return seconds from the recording's first sample to that packet's.
    double begin_s() const;

private:
    void note_zero(const AVPacket &packet);
    double seconds(int64_t time) const { return static_cast<double>(time) * av_q2d(tick_); }

    const AVRational tick_;
    const int rate_hz_;
    const Options &options_;
    const bool can_drop_head_;
    std::optional<int64_t> zero_;  ///< time of the recording's first sample, in ticks
    std::optional<int64_t> begin_; ///< of the first packet that was needed
};

/// @return chapters as they are counted from `start_s` on, without those that lie outside.
std::vector<Chapter> chapters_between(std::vector<Chapter> chapters, double start_s,
                                      std::optional<double> end_s);

} // namespace mp3conv::media
