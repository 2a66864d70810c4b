#pragma once

#include <functional>
#include <optional>
#include <span>

#include "daemon/convert/encoder_pool.hpp"
#include "daemon/convert/reservoir.hpp"

namespace mp3conv::convert {

/// An encoder that goes on into the segment behind its own.
class Continuation {
public:
    /// @param encoder, next, meanwhile outlive it; `meanwhile` is called every few frames, and may
    ///        throw.
    Continuation(Encoder &encoder, const Segment &next, const std::function<void()> &meanwhile);

    /// Encodes on until that frame is here.
    /// @return false where the segment ends before, and all of it is encoded.
    bool reach(uint64_t frame);

    const Encoder &encoder() const noexcept { return encoder_; }

private:
    bool advance();

    Encoder &encoder_;
    std::span<const std::shared_ptr<const PcmBlock>> blocks_;
    int done_ = 0; ///< samples of the first block
    bool ends_;    ///< the recording, where the segment does
    const std::function<void()> &meanwhile_;
};

/// Looks for a frame at which the next segment's encoder can take over: windows overlap, and its
/// frames find the reservoir that they were made for. Best is one behind a frame that both encoders
/// made alike, since they go on alike; where none such comes soon, the next has had the longest to
/// settle at the last of the others.
///
/// @param reservoir as it is before the first frame that `before` still has.
/// @return the number of the frame; nullopt where none will do.
std::optional<uint64_t> find_join(Continuation &before, const Encoded &next, BitrateMode mode,
                                  Reservoir reservoir);

} // namespace mp3conv::convert
