#include "daemon/convert/join.hpp"

#include <algorithm>
#include <utility>

namespace mp3conv::convert {
namespace {

constexpr int samples_at_once = 2 * 576;

constexpr uint64_t soon_frames = 49; // a second, where they are short

/// How long both encoders are given to come to the same. At a constant bitrate they mostly do
/// within 150 frames, and in 300 always did, for 2 % more work. Below 32 kHz the reservoir has half
/// the room, and what is joined before they agree can be heard by instruments: 0.3 dB; where the
/// bitrate varies freely they do within 180. Elsewhere many never agree, and a join without it
/// makes no difference.
uint64_t patience_frames(BitrateMode mode, const Frame &frame) {
    if (mode != BitrateMode::constant && frame.header.is_mpeg1) return 49;
    return mode == BitrateMode::variable ? 196 : 490;
}

/// @return whether there was perhaps less room than the frame asked for: LAME gives nine tenths of
///         the highest bitrate's to whatever asks for it, and more by its reservoir (ResvMaxBits in
///         its reservoir.c).
bool is_tight(const Frame &frame) {
    FrameHeader highest = frame.header;
    highest.bitrate_index = highest_index_at(highest.rate_hz);
    return frame.main_data.size() * 10 > highest.capacity() * 9;
}

/// LAME looks at its reservoir before it spends bits; where the bitrate varies freely, only for a
/// frame that asks for more than the highest has room for. Then its sound can hang on a single
/// byte, but from 32 kHz on encoders come to the same reservoir too seldom to wait for it.
bool heeds_reservoir(const Encoder &encoder, uint64_t frame, BitrateMode mode) {
    if (mode != BitrateMode::variable) return true;
    if (encoder.frame(frame).header.is_mpeg1) return false;
    const uint64_t end = std::min(frame + soon_frames, encoder.end());
    while (frame < end && !is_tight(encoder.frame(frame))) ++frame;
    return frame < end;
}

/// @return whether both encoders go on alike from that frame on.
bool agree(const Encoder &a, const Encoder &b, uint64_t frame, BitrateMode mode) {
    const Frame &last_of_a = a.frame(frame - 1);
    const Frame &last_of_b = b.frame(frame - 1);
    return is_same_sound(last_of_a, last_of_b) &&
           (last_of_a.main_data_begin == last_of_b.main_data_begin ||
            !heeds_reservoir(b, frame, mode));
}

} // namespace

Continuation::Continuation(Encoder &encoder, const Segment &next,
                           const std::function<void()> &meanwhile) :
    encoder_{encoder},
    blocks_{next.own_blocks()},
    ends_{next.is_last},
    meanwhile_{meanwhile} {}

bool Continuation::reach(uint64_t frame) {
    while (encoder_.end() <= frame) {
        if (!advance()) return false;
        encoder_.parse();
    }
    return true;
}

/// Encodes the next few samples, or finishes.
/// @return false when there was nothing left to do.
bool Continuation::advance() {
    if (meanwhile_) meanwhile_();
    if (blocks_.empty()) {
        if (ends_) encoder_.finish();
        return std::exchange(ends_, false);
    }
    const Pcm pcm = blocks_.front()->pcm();
    const int samples = std::min(samples_at_once, pcm.samples - done_);
    encoder_.encode({pcm.left + done_, pcm.right + done_, samples});
    done_ += samples;
    if (done_ == pcm.samples) {
        blocks_ = blocks_.subspan(1);
        done_ = 0;
    }
    return true;
}

std::optional<uint64_t> find_join(Continuation &before, const Encoded &next, BitrateMode mode,
                                  Reservoir reservoir) {
    const Encoder &after = *next.encoder;
    std::optional<uint64_t> fair;
    uint64_t patience = 0;
    uint64_t placed = before.encoder().begin();
    for (uint64_t n = next.segment.own_frame; n < after.end() && before.reach(n - 1); ++n) {
        if (fair && n >= next.segment.own_frame + patience) break;
        while (placed < n) reservoir.place(before.encoder().frame(placed++));
        const Frame &last = before.encoder().frame(n - 1);
        patience = patience_frames(mode, last);
        const bool fits =
            can_follow(last, after.frame(n)) && Reservoir{reservoir}.place(after.frame(n));
        if (fits && agree(before.encoder(), after, n, mode)) return n;
        if (fits) fair = n;
    }
    return fair;
}

} // namespace mp3conv::convert
