#pragma once

#include "common/media/handles.hpp"
#include "common/options.hpp"

namespace mp3conv::media {

/// Chooses the audio track: the one asked for by number, else the first in a language asked for,
/// in order of preference, else the best that can be decoded (av_find_best_stream).
///
/// @return index of the stream.
/// @throws Error{no_audio_track} where there is none, or none of that number.
int choose_track(AVFormatContext &container, const Options &options);

} // namespace mp3conv::media
