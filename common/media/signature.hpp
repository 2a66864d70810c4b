#pragma once

#include <string_view>

namespace mp3conv::media {

/// Tells a container from a file's own bytes, so that only that one's parser sees them: asking all
/// of libavformat's would show hostile bytes to hundreds, and find playlists, scripts and picture
/// sequences, which name other files.
///
/// @param fd readable and seekable; its position is left alone.
/// @return libavformat's name of the demuxer, such as "mov"; empty where it is none that we take.
/// @throws Error{local_file} when the disk fails.
std::string_view container_of(int fd);

} // namespace mp3conv::media
