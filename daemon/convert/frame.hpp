#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "daemon/convert/frame_header.hpp"

namespace mp3conv::convert {

/// The windows of one granule; both channels may differ.
enum class Window : uint8_t { normal, start, brief, stop };
using Windows = std::array<Window, 2>;

/// One MP3 frame, taken out of the bit reservoir: what it says, wherever its bytes lay.
struct Frame {
    FrameHeader header;
    std::string head;           ///< header and side information, with a main_data_begin of 0
    std::string main_data;      ///< what is used of it; the bits behind the last one are 0
    size_t main_data_begin = 0; ///< where its encoder had laid it, in bytes before the frame
    size_t left = 0;            ///< bytes that its encoder then had left free for the next frames
    Windows first_windows{};    ///< of its first granule
    Windows last_windows{};
};

/// @return whether both decode to the same; the bitrate and the padding, which only say how much
///         room there is, do not count.
bool is_same_sound(const Frame &a, const Frame &b);

/// @return whether the windows of `after` overlap with those of `before`: behind a start window or
///         a short one comes a short one or a stop window, and only there.
bool can_follow(const Frame &before, const Frame &after);

} // namespace mp3conv::convert
