#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/media/handles.hpp"

namespace mp3conv::media {

/// What a recording says about itself: UTF-8 by FFmpeg's names: title, artist, album, album_artist,
/// track, disc, date, genre, composer, comment, lyrics.
using Tags = std::map<std::string, std::string>;

struct Cover {
    std::string mime;
    std::string bytes;

    bool operator==(const Cover &) const = default;
};

struct Chapter {
    uint32_t start_ms = 0; ///< from the recording's first sample
    uint32_t end_ms = 0;
    std::string title;

    bool operator==(const Chapter &) const = default;
};

struct Metadata {
    Tags tags;
    std::optional<Cover> cover;
    std::vector<Chapter> chapters;

    bool operator==(const Metadata &) const = default;
};

/// @return what the container says about the recording. Ogg says it of each track; elsewhere what
///         a track says ("Stereo", "Commentary") is about the track only. Covers above 16 MiB, and
///         of a kind that players do not know, are left out.
Metadata read_metadata(const AVFormatContext &container, const AVStream &track);

/// @return libavcodec's number for a Cover::mime.
AVCodecID picture_codec(std::string_view mime);

} // namespace mp3conv::media
