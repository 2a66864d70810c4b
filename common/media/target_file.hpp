#pragma once

#include <cstdint>

#include "common/media/handles.hpp"

namespace mp3conv::media {

/// A descriptor as libavformat writes it. Callbacks cannot throw: a failure of the disk is kept
/// here.
struct TargetFile {
    int fd = -1;
    int64_t position = 0;
    int64_t size = 0;
    int failed_errno = 0;
};

/// @return what writes that file, seekable; the file outlives it.
Io open_for_writing(TargetFile &file);

} // namespace mp3conv::media
