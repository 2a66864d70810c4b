#pragma once

#include <optional>

#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/frame.hpp"

namespace mp3conv::convert {

/// How a frame is laid into the stream: bytes stuffed into the reservoir, its main data, which
/// begins main_data_begin bytes before it, and bytes stuffed behind.
struct Place {
    FrameHeader header; ///< with the bitrate that the frame gets
    size_t stuffed_before = 0;
    size_t main_data_begin = 0;
    size_t stuffed_behind = 0;
};

/// The bytes that the frames so far have left free for the main data of the next.
class Reservoir {
public:
    explicit Reservoir(BitrateMode mode) noexcept : mode_{mode} {}

    /// Takes the frame's bytes, and adds those that it leaves free. Where the bitrate varies, a
    /// frame gets the lowest that leaves as much as the frame's encoder had left: its own choice,
    /// until encoders change.
    ///
    /// @return nullopt, and nothing is taken, where so much cannot be left. Where it can, it can
    ///         for all frames that the encoder put out behind this one.
    std::optional<Place> place(const Frame &frame) noexcept;

private:
    BitrateMode mode_;
    size_t bytes_ = 0;
};

/// @return how many bytes at most may be left free behind such a frame: what main_data_begin can
///         count, and what a decoder can hold besides the frame.
/// @source ISO 11172-3, 2.4.2.7; the decoder's 7680 bits a granule are what LAME goes by
///         (lame_set_strict_ISO, MDB_MAXIMUM).
size_t most_left(const FrameHeader &header) noexcept;

} // namespace mp3conv::convert
