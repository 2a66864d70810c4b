#pragma once

#include <string_view>

namespace mp3conv::media {

/// Tells streams without a container by their frames, of which each says where the next begins.
///
/// @param head of the file; a stream may begin behind other bytes.
/// @return "mp3" (all layers of MPEG audio), "aac" (ADTS), "ac3", "eac3", "mpegts", or nothing.
std::string_view container_of_frames(std::string_view head);

} // namespace mp3conv::media
