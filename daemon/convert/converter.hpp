#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/file_object.hpp"
#include "common/media/source.hpp"
#include "daemon/convert/cores.hpp"

namespace mp3conv::convert {

/// What a conversion found and made.
struct Report {
    Source source;                     ///< all members; `bytes` is left at 0
    double duration_s = 0;             ///< of the MP3, decoded
    int bitrate_bps = 0;               ///< on average
    std::optional<std::string> note{}; ///< what is missing from the MP3, for its owner
};

/// Called with the part that is done, 0 to 1, at least ten times a second and always in the thread
/// that converts. What it throws ends the conversion, within some ten milliseconds.
using Progress = std::function<void(double)>;

/// Converts the best audio track of a media file to MP3.
///
/// @param mp3 empty, writable and seekable.
/// @param cores whose threads do the encoding: all where no other conversion runs.
/// @throws Error{not_media}, {no_audio_track}, {unsupported_codec}, {corrupt_media}, {too_long} for
///         what is wrong with the source; {storage_full} and {local_file} for what is wrong with
///         the disk.
Report convert(const media::Source &source, int mp3, const Options &options, Cores &cores,
               const Progress &progress);

} // namespace mp3conv::convert
