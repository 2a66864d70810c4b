#pragma once

#include <string_view>

#include "common/media/source.hpp"

namespace mp3conv::media {

/// Tells a container from a file's own bytes, so that only that one's parser sees them: asking all
/// of libavformat's would show hostile bytes to hundreds, and find playlists, scripts and picture
/// sequences, which name other files.
///
/// @return libavformat's name of the demuxer, such as "mov"; empty where it is none that we take.
/// @throws Error{local_file} when the disk fails.
std::string_view container_of(const Source &source);

} // namespace mp3conv::media
