#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/media/source.hpp"

namespace mp3conv::media {

/// The one stretch of a track that is played.
struct Edit {
    int64_t begin = 0;    ///< in the track's units of time
    int64_t duration = 0; ///< in the movie's
};

struct Edits {
    int64_t movie_hz = 0;                    ///< units of time in a second
    std::vector<std::optional<Edit>> tracks; ///< in the file's order; nullopt where all is played
};

/// Reads the edit lists of an MP4 or MOV.
/// @return nullopt where one has several stretches or a pause, or where the file is none or broken.
/// @throws Error{local_file}.
std::optional<Edits> read_edits(const Source &source);

} // namespace mp3conv::media
