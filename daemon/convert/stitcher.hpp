#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "daemon/convert/encoder_pool.hpp"
#include "daemon/convert/frame_writer.hpp"
#include "daemon/convert/mp3_stream.hpp"

namespace mp3conv::convert {

/// Makes one stream of what encoders made of successive segments. An encoder goes on into the next
/// segment until that one's encoder can take over; where it never can, to the segment's end.
class Stitcher {
public:
    /// @param stream outlives the stitcher.
    /// @param meanwhile is called every few frames while an encoder goes on; it may throw.
    Stitcher(BitrateMode mode, Mp3Stream &stream, std::function<void()> meanwhile);

    /// @param next the segment behind the one that was added before.
    void add(Encoded next);

private:
    void copy(std::string_view frames);
    void join(Encoded next);
    void write_before(uint64_t frame);

    BitrateMode mode_;
    Mp3Stream &stream_;
    std::function<void()> meanwhile_;
    FrameWriter writer_;
    std::unique_ptr<Encoder> current_; ///< puts out the frames from the last join on
};

} // namespace mp3conv::convert
