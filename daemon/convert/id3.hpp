#pragma once

#include <string>

#include "common/media/metadata.hpp"

namespace mp3conv::convert {

/// As many chapters as a table of contents can name.
constexpr size_t most_chapters = 255;

/// Writes an ID3v2.3 tag, with the cover, and the first `most_chapters` chapters in a table of
/// contents. Texts are ISO-8859-1 where they fit, else UTF-16; broken UTF-8 and control characters
/// become '?', except that comment and lyrics keep their lines. What is above 4 KiB is cut off, of
/// lyrics what is above 64 KiB.
///
/// @return empty where there is nothing to say.
/// @source id3.org/id3v2.3.0; id3.org/id3v2-chapters-1.0.
std::string id3_tag(const media::Metadata &metadata);

/// Writes the 128 bytes of an ID3v1.1 tag, which old players look for at a file's end; the genre,
/// which it has by number only, is left open.
/// @source id3.org/ID3v1.
std::string id3v1_tag(const media::Tags &tags);

} // namespace mp3conv::convert
