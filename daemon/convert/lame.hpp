#pragma once

#include <lame/lame.h>
#include <memory>

#include "daemon/convert/encoder_settings.hpp"

namespace mp3conv::convert {

struct CloseLame {
    void operator()(lame_global_flags *lame) const noexcept { lame_close(lame); }
};
using Lame = std::unique_ptr<lame_global_flags, CloseLame>;

/// Sets LAME up as `ffmpeg -c:a libmp3lame` does; what the settings do not name is LAME's default.
/// @param with_tag whether its first frame keeps the place for LAME's tag.
/// @throws Error{conversion_failed} for settings that LAME refuses.
Lame open_lame(const EncoderSettings &settings, bool with_tag);

/// Samples of silence that LAME puts in front of what it encodes (ENCDELAY in its encoder.h).
constexpr int lame_delay = 576;

/// @return bytes that suffice for what LAME may put out for that many samples, or when flushed.
/// @source lame.h: 1.25 bytes a sample, and 7200 more.
constexpr size_t most_lame_bytes(size_t samples) {
    return samples * 5 / 4 + 7200;
}

} // namespace mp3conv::convert
