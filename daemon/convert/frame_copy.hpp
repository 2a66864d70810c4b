#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/media/demuxer.hpp"
#include "common/media/handles.hpp"
#include "common/options.hpp"
#include "daemon/convert/mp3_stream.hpp"
#include "daemon/convert/way.hpp"

namespace mp3conv::convert {

/// @return whether the track is MP3 already, and nothing was asked for that takes encoding.
bool can_copy(const Options &options, const AVStream &track);

/// Copies the frames of an MP3 track without decoding them. The tag frame in front comes along if
/// it is still true; where there is none, or a part of the track is missing, a fresh one is made.
class FrameCopy final : public Way {
public:
    /// @param source, output outlive it.
    /// @param most_s of sound, before it is given up as too long.
    FrameCopy(const media::Demuxer &source, Output &output, double most_s) :
        source_{source},
        output_{output},
        most_s_{most_s} {}

    /// Copies a packet; a silent frame takes the place of one that is damaged.
    void add(const AVPacket &packet) override;
    Made finish() override;
    double done_part() const override { return 1; }

private:
    void start(const AVPacket &packet, std::string_view frame);
    void copy(std::string_view frame);
    void note_padding(const AVPacket &packet);

    const media::Demuxer &source_;
    Output &output_;
    const double most_s_;
    std::optional<Mp3Stream> stream_;
    std::string silent_frame_; ///< in the place of a damaged one
    std::optional<Gaps> gaps_;
    double copied_s_ = 0;
    double lost_s_ = 0; ///< of that, what is silent frames
    int rate_hz_ = 0;   ///< of the last frame
};

} // namespace mp3conv::convert
