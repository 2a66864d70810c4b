#pragma once

#include <cstdint>

namespace mp3conv::convert {

/// How much sound there can be in a source: whoever makes a few bytes play for months wants our
/// time, not an MP3.
///
/// @return seconds: an hour, and a second for every 8 bytes. Recordings are far from it: complete
///         silence takes 20 bytes a second at least in FLAC's streamable subset (RFC 9639, 7: a
///         frame of 12 bytes has 4608 samples at most, at 8 kHz), 25 in WebM with Opus in
///         discontinuous transmission (a block of 10 bytes every 400 ms), 50 in AMR.
double most_seconds(uint64_t source_bytes) noexcept;

/// @return bytes that the MP3 of such a source can have: that long at the highest bitrate, with
///         tags and a cover.
uint64_t most_mp3_bytes(uint64_t source_bytes) noexcept;

/// @throws Error{too_long} above `most_s`.
void check_length(double seconds, double most_s);

} // namespace mp3conv::convert
