#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/convert/frame.hpp"

namespace mp3conv::convert {

/// Takes MP3 frames out of the bit reservoir of a stream that begins with a frame and has nothing
/// between its frames. Holds less than two frames besides what is fed and not yet taken.
class FrameParser {
public:
    void feed(std::string_view bytes) { bytes_ += bytes; }

    /// @return the next frame; nullopt until all of it was fed.
    /// @throws Error{conversion_failed} for bytes that are no frame, and for frames whose main data
    ///         begins before the stream or ends behind the frame. Of those nothing more may be
    ///         taken.
    std::optional<Frame> next();

    /// @return what was fed and is not yet taken.
    std::string_view rest() const noexcept { return std::string_view{bytes_}.substr(taken_); }

private:
    void take(size_t bytes);
    Frame frame_in(const FrameHeader &header, std::string_view bytes);

    std::string bytes_;
    size_t taken_ = 0;      ///< of bytes_
    std::string reservoir_; ///< the last main data before the next frame
};

} // namespace mp3conv::convert
