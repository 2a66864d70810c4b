#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/convert/crc16.hpp"
#include "daemon/convert/lame_tag.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/seek_table.hpp"

namespace mp3conv::convert {

/// Frames on their way into an output, behind what it holds already. The tag in front of them is
/// filled in at the end, when all that it says is known.
class Mp3Stream {
public:
    /// @param output outlives the stream.
    Mp3Stream(Output &output, LameTag tag);

    /// @param frame a whole one.
    void write(std::string_view frame);

    /// Fills the tag in. Nothing may be written afterwards.
    void finish(const std::optional<Gaps> &gaps);

    uint64_t frames() const noexcept { return frames_; }
    /// Of frames, the tag's included.
    uint64_t bytes() const noexcept { return output_.size_bytes() - start_; }

private:
    Output &output_;
    LameTag tag_;
    uint64_t start_; ///< of the tag in the output
    uint64_t frames_ = 0;
    char channel_mode_ = 0; ///< of the last frame
    int kbps_ = 0;          ///< likewise
    bool is_constant_ = true;
    SeekTable seek_table_;
    Crc16 crc_;
};

} // namespace mp3conv::convert
