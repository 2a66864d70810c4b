#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "daemon/convert/frame.hpp"
#include "daemon/convert/mp3_stream.hpp"
#include "daemon/convert/reservoir.hpp"

namespace mp3conv::convert {

/// Lays frames into one stream with one bit reservoir, whichever encoders they came from.
class FrameWriter {
public:
    /// @param stream outlives the writer.
    FrameWriter(BitrateMode mode, Mp3Stream &stream) : reservoir_{mode}, stream_{stream} {}

    /// @throws Error{conversion_failed} where the frame has no room.
    void write(const Frame &frame);
    /// Writes out the frames that still have free bytes. Nothing may be written afterwards.
    void finish();

    const Reservoir &reservoir() const noexcept { return reservoir_; }

private:
    /// A frame that is not full yet.
    struct Open {
        std::string bytes;
        size_t filled = 0;
    };

    void open(const Frame &frame, const Place &place);
    void fill(std::string_view data);
    void stuff(size_t bytes);

    Reservoir reservoir_;
    Mp3Stream &stream_;
    std::deque<Open> open_; ///< what they have left is the reservoir
};

} // namespace mp3conv::convert
