#pragma once

#include "common/options.hpp"

namespace mp3conv::convert {

enum class BitrateMode { variable, constant, average };

/// What an MP3 is to be like, with nothing left open.
struct EncoderSettings {
    BitrateMode mode = BitrateMode::variable;
    int vbr_quality = 2;  ///< LAME's V0 (best) to V9, where the bitrate is variable
    int bitrate_kbps = 0; ///< where it is not
    int rate_hz = 44100;
    int channels = 2;

    bool operator==(const EncoderSettings &) const = default;
};

/// Settles what the options leave to the source.
///
/// - "standard", also where nothing is asked for, is V2; "high" V0; "max" 320 kbit/s; "voice" V6 in
///   mono at 24 kHz, or less where the source has less.
/// - The rate is the source's where MP3 has it; above 48 kHz a divisor of it, 44.1 or 48 kHz; else
///   the next that MP3 has.
/// - A bitrate that MP3 does not have at that rate becomes the next above, else the highest: there
///   are 32 to 320 kbit/s from 32 kHz on, 8 to 160 from 16 kHz on and 8 to 64 below.
/// - One channel stays one; more become two, or one where mono is asked for.
///
/// @source bitrates and rates: ISO 11172-3, 2.4.2.3; ISO 13818-3, 2.4.2.3; MPEG-2.5 as LAME has it.
EncoderSettings settle(const Options &options, int source_rate_hz, int source_channels);

} // namespace mp3conv::convert
