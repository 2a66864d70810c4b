#include "daemon/convert/lame.hpp"

#include <new>

#include "common/error.hpp"

namespace mp3conv::convert {
namespace {

void set_bitrate(lame_global_flags *lame, const EncoderSettings &settings) {
    switch (settings.mode) {
    case BitrateMode::variable:
        lame_set_VBR(lame, vbr_default);
        lame_set_VBR_quality(lame, static_cast<float>(settings.vbr_quality));
        return;
    case BitrateMode::average:
        lame_set_VBR(lame, vbr_abr);
        lame_set_VBR_mean_bitrate_kbps(lame, settings.bitrate_kbps);
        return;
    case BitrateMode::constant:
        lame_set_brate(lame, settings.bitrate_kbps);
        return;
    }
}

void silence(lame_global_flags *lame) {
    lame_set_errorf(lame, nullptr);
    lame_set_debugf(lame, nullptr);
    lame_set_msgf(lame, nullptr);
}

} // namespace

Lame open_lame(const EncoderSettings &settings, bool with_tag) {
    Lame lame{lame_init()};
    if (!lame) throw std::bad_alloc{};
    silence(lame.get());
    lame_set_in_samplerate(lame.get(), settings.rate_hz);
    lame_set_out_samplerate(lame.get(), settings.rate_hz);
    lame_set_num_channels(lame.get(), settings.channels);
    lame_set_mode(lame.get(), settings.channels == 1 ? MONO : JOINT_STEREO);
    lame_set_bWriteVbrTag(lame.get(), with_tag ? 1 : 0);
    set_bitrate(lame.get(), settings);
    if (lame_init_params(lame.get()) < 0) {
        throw Error{Errc::conversion_failed,
                    "lame refuses these options; choose another bitrate or rate"};
    }
    return lame;
}

} // namespace mp3conv::convert
