#pragma once

#include "common/media/handles.hpp"
#include "daemon/convert/id3.hpp"

namespace mp3conv::convert {

/// @return what the container says about the recording. Ogg says it of each track; elsewhere what
///         a track says ("Stereo", "Commentary") is about the track only.
Tags read_tags(const AVFormatContext &container, const AVStream &track);

} // namespace mp3conv::convert
