#include "daemon/convert/encoder_settings.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "daemon/convert/frame_header.hpp"

namespace mp3conv::convert {
namespace {

constexpr int voice_rate_hz = 24000;

constexpr std::array rates_hz{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

struct Preset {
    std::string_view name;
    BitrateMode mode;
    int vbr_quality;
    int bitrate_kbps;
};

constexpr std::array<Preset, 4> presets{{
    {"standard", BitrateMode::variable, 2, 0},
    {"high", BitrateMode::variable, 0, 0},
    {"max", BitrateMode::constant, 0, 320},
    {"voice", BitrateMode::variable, 6, 0},
}};

const Preset &preset_of(const Options &options) {
    const auto *found = std::find_if(presets.begin(), presets.end(), [&](const Preset &preset) {
        return preset.name == options.preset;
    });
    return found == presets.end() ? presets.front() : *found;
}

std::span<const int> bitrates_at(int rate_hz) {
    if (rate_hz >= 32000) return std::span{mpeg1_kbps}.subspan(1);
    return std::span{mpeg2_kbps}.subspan(1, highest_index_at(rate_hz));
}

int constant_kbps(int kbps, int rate_hz) {
    const auto bitrates = bitrates_at(rate_hz);
    const auto next = std::lower_bound(bitrates.begin(), bitrates.end(), kbps);
    return next == bitrates.end() ? bitrates.back() : *next;
}

int average_kbps(int kbps, int rate_hz) {
    const auto bitrates = bitrates_at(rate_hz);
    return std::clamp(kbps, bitrates.front(), bitrates.back());
}

int natural_rate_hz(int source_rate_hz) {
    if (source_rate_hz > rates_hz.back()) return source_rate_hz % 44100 == 0 ? 44100 : 48000;
    return *std::lower_bound(rates_hz.begin(), rates_hz.end(), source_rate_hz);
}

void settle_mode(EncoderSettings &settings, const Options &options) {
    const Preset &preset = preset_of(options);
    settings.mode = preset.mode;
    settings.vbr_quality = options.vbr.value_or(preset.vbr_quality);
    settings.bitrate_kbps = preset.bitrate_kbps;
    if (options.abr_bps) {
        settings.mode = BitrateMode::average;
        settings.bitrate_kbps = *options.abr_bps / 1000;
    }
    if (options.bitrate_bps) {
        settings.mode = BitrateMode::constant;
        settings.bitrate_kbps = *options.bitrate_bps / 1000;
    }
}

void settle_bitrate(EncoderSettings &settings) {
    const int asked = settings.bitrate_kbps;
    if (settings.mode != BitrateMode::variable) settings.vbr_quality = 0;
    if (settings.mode == BitrateMode::constant) {
        settings.bitrate_kbps = constant_kbps(asked, settings.rate_hz);
    }
    if (settings.mode == BitrateMode::average) {
        settings.bitrate_kbps = average_kbps(asked, settings.rate_hz);
    }
}

} // namespace

EncoderSettings settle(const Options &options, int source_rate_hz, int source_channels) {
    const bool voice = options.preset == "voice";
    const int natural_hz = natural_rate_hz(source_rate_hz);
    EncoderSettings settings;
    settings.channels = options.mono || voice || source_channels == 1 ? 1 : 2;
    settings.rate_hz =
        options.rate_hz.value_or(voice ? std::min(natural_hz, voice_rate_hz) : natural_hz);
    settle_mode(settings, options);
    settle_bitrate(settings);
    return settings;
}

} // namespace mp3conv::convert
