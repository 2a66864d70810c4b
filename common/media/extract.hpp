#pragma once

#include <functional>
#include <optional>

#include "common/media/source.hpp"
#include "common/options.hpp"

namespace mp3conv::media {

/// What was written.
struct Extract {
    double begin_s = 0; ///< of the recording, where it begins
};

using Meanwhile = std::function<void(double part)>;

/// Writes the audio track that a conversion would take (Options::track, Options::lang, else the
/// best) into a file of its own, without decoding it, with its tags, cover and chapters. The MP3
/// made of that is the one made of the whole file: what was written is read again and compared. The
/// same file and options give the same bytes. With Options::start_s or end_s, only the packets that
/// are needed for that part are copied; see Excerpt.
///
/// Of a container with an index (MP4, MOV), little more than the track is read; of others all.
///
/// @param target empty, readable, writable and seekable.
/// @param meanwhile is called at every packet with the part that is read, 0 to 1; what it throws
///        ends the extraction.
/// @return nullopt where the whole file should be sent: it has little else, its end is missing, or
///         the track does not come out as it went in. The target then holds nothing of use.
/// @throws Error{no_audio_track}, {not_media} for what is wrong with the source; {local_file} for
///         what is wrong with the disk.
std::optional<Extract> extract_audio(const Source &source, int target, const Options &options,
                                     const Meanwhile &meanwhile);

} // namespace mp3conv::media
