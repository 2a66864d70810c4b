#pragma once

#include <functional>

#include "common/file_object.hpp"

namespace mp3conv::convert {

/// What a conversion found and made.
struct Report {
    Source source;         ///< all members; `bytes` is left at 0
    double duration_s = 0; ///< of the MP3, decoded
    int bitrate_bps = 0;   ///< on average
};

/// Called often with the part that is done, 0 to 1. What it throws ends the conversion.
using Progress = std::function<void(double)>;

/// Converts the best audio track of a media file to MP3.
///
/// @param source readable and seekable; read from its start, position left anywhere.
/// @param mp3 empty, writable and seekable.
/// @throws Error{not_media}, {no_audio_track}, {unsupported_codec}, {corrupt_media} for what is
/// wrong
///         with the source; {storage_full} and {local_file} for what is wrong with the disk.
Report convert(int source, int mp3, const Options &options, const Progress &progress);

} // namespace mp3conv::convert
