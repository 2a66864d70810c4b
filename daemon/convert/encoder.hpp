#pragma once

#include <cstdint>
#include <deque>
#include <string_view>

#include "daemon/convert/frame.hpp"
#include "daemon/convert/frame_parser.hpp"
#include "daemon/convert/lame.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

/// One LAME and the frames that it has put out, which are numbered as the MP3's. One thread at a
/// time.
class Encoder {
public:
    /// @param first_frame the number of the first frame that comes out.
    /// @throws Error{conversion_failed} for settings that LAME refuses, as all here where LAME
    ///         fails.
    Encoder(const EncoderSettings &settings, uint64_t first_frame);

    /// @param pcm of a few frames: a caller that wants to stop has to wait for its end.
    void encode(const Pcm &pcm);
    /// Makes LAME put out what it still holds. Nothing may be encoded afterwards.
    void finish();

    /// Takes the frames out of what LAME has put out so far; only then are they here.
    void parse();

    /// @return the bytes that are not parsed yet.
    std::string_view unparsed() const noexcept { return parser_.rest(); }

    /// The frames that are here: from `begin` to before `end`.
    uint64_t begin() const noexcept { return begin_; }
    uint64_t end() const noexcept { return begin_ + frames_.size(); }
    const Frame &frame(uint64_t number) const { return frames_.at(number - begin_); }

    /// Lets go of the frames before that one.
    void drop_before(uint64_t number);

private:
    Lame lame_;
    FrameParser parser_;
    std::deque<Frame> frames_;
    uint64_t begin_;
};

} // namespace mp3conv::convert
