#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/convert/encoder_settings.hpp"

namespace mp3conv::convert {

/// Samples at both ends of a stream that are not of the recording.
struct Gaps {
    int delay = 0;
    int padding = 0;
};

/// What the tag of a finished stream says.
struct LameTagFacts {
    uint64_t frames = 0;      ///< the tag's own not counted
    uint64_t music_bytes = 0; ///< of those frames
    uint16_t music_crc = 0;
    char channel_mode = 0; ///< the fourth byte of the last frame's header, as LAME has it here too
    bool is_constant = true; ///< its bitrate
    std::string toc;         ///< 100 bytes
    std::optional<Gaps> gaps;
};

/// The frame in front of a stream that says how long it is: the "Xing" frame where the bitrate
/// varies, else the "Info" frame.
/// @source gabriel.mp3-tech.org/mp3infotag.html, revision 1.
class LameTag {
public:
    /// The frame as LAME itself writes it with these settings, in a larger frame where LAME leaves
    /// it out (56 kbit/s and less in stereo at 44.1 kHz).
    static LameTag of_encoder(const EncoderSettings &settings);

    /// A frame that fits in front of such a frame, and tells nothing of an encoder.
    static LameTag of_stream(std::string_view frame);
    /// A frame that is one already.
    /// @return nullopt where it is not, or says less than frames, bytes and seek table.
    static std::optional<LameTag> of_frame(std::string_view frame);

    size_t size() const noexcept { return frame_.size(); }

    /// @return the gaps that it tells now; nullopt where it has no LAME part.
    std::optional<Gaps> gaps() const;

    /// @return the frame with the facts filled in; as it is where it came with a stream of that
    /// many
    ///         frames and bytes.
    std::string filled(const LameTagFacts &facts) const;

private:
    LameTag(std::string frame, size_t at) : frame_{std::move(frame)}, at_{at} {}
    bool tells(const LameTagFacts &facts) const;

    std::string frame_;
    size_t at_;              ///< of "Xing" or "Info"
    bool is_filled_ = false; ///< by whoever made the stream
};

} // namespace mp3conv::convert
