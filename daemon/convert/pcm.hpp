#pragma once

namespace mp3conv::convert {

/// Samples on their way to the encoder: one plane for each channel, full scale ±1. Who hands them
/// on owns them until its next call.
struct Pcm {
    const float *left = nullptr;
    const float *right = nullptr; ///< the same as left where there is one channel
    int samples = 0;              ///< of each channel
};

} // namespace mp3conv::convert
