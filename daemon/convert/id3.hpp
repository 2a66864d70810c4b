#pragma once

#include <map>
#include <string>

namespace mp3conv::convert {

/// What a recording says about itself: UTF-8 by FFmpeg's names: title, artist, album, album_artist,
/// track, disc, date, genre, composer, comment.
using Tags = std::map<std::string, std::string>;

/// Writes an ID3v2.3 tag. Texts are ISO-8859-1 where they fit, else UTF-16; broken UTF-8 and
/// control characters become '?', except that a comment keeps its lines; what is above 4 KiB is cut
/// off.
///
/// @return empty where there is nothing to say.
/// @source id3.org/id3v2.3.0.
std::string id3_tag(const Tags &tags);

} // namespace mp3conv::convert
