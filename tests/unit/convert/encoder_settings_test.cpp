#include "daemon/convert/encoder_settings.hpp"

#include <doctest/doctest.h>

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

Options preset(const char *name) {
    Options options;
    options.preset = name;
    return options;
}

int rate_for(int source_rate_hz) {
    return settle({}, source_rate_hz, 2).rate_hz;
}

int constant_kbps(int bitrate_bps, int rate_hz) {
    Options options;
    options.bitrate_bps = bitrate_bps;
    return settle(options, rate_hz, 2).bitrate_kbps;
}

} // namespace

TEST_CASE("who asks for nothing gets V2") {
    const EncoderSettings v2{BitrateMode::variable, 2, 0, 44100, 2};
    CHECK(settle({}, 44100, 2) == v2);
    CHECK(settle(preset("standard"), 44100, 2) == v2);
}

TEST_CASE("a preset is what the manual says it is") {
    CHECK(settle(preset("high"), 48000, 2) ==
          EncoderSettings{BitrateMode::variable, 0, 0, 48000, 2});
    CHECK(settle(preset("max"), 48000, 2) ==
          EncoderSettings{BitrateMode::constant, 0, 320, 48000, 2});
    CHECK(settle(preset("voice"), 48000, 2) ==
          EncoderSettings{BitrateMode::variable, 6, 0, 24000, 1});
}

TEST_CASE("a voice recorded at 8 kHz is not blown up to 24 kHz") {
    CHECK(settle(preset("voice"), 8000, 1).rate_hz == 8000);
}

TEST_CASE("an option goes before its preset") {
    Options options = preset("voice");
    options.rate_hz = 16000;
    CHECK(settle(options, 48000, 2).rate_hz == 16000);
}

TEST_CASE("quality and bitrate are as asked") {
    Options options;
    options.vbr = 9;
    CHECK(settle(options, 44100, 2) == EncoderSettings{BitrateMode::variable, 9, 0, 44100, 2});
    options = {};
    options.abr_bps = 150000;
    CHECK(settle(options, 44100, 2) == EncoderSettings{BitrateMode::average, 0, 150, 44100, 2});
    options = {};
    options.bitrate_bps = 192000;
    CHECK(settle(options, 44100, 2) == EncoderSettings{BitrateMode::constant, 0, 192, 44100, 2});
}

TEST_CASE("a rate that MP3 has is kept") {
    for (const int rate_hz : {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}) {
        CHECK(rate_for(rate_hz) == rate_hz);
    }
}

TEST_CASE("high rates are divided, odd ones go to the next that MP3 has") {
    CHECK(rate_for(88200) == 44100);
    CHECK(rate_for(176400) == 44100);
    CHECK(rate_for(96000) == 48000);
    CHECK(rate_for(192000) == 48000);
    CHECK(rate_for(64000) == 48000);
    CHECK(rate_for(37800) == 44100);
    CHECK(rate_for(4000) == 8000);
}

TEST_CASE("a bitrate that MP3 lacks at this rate becomes one that it has") {
    CHECK(constant_kbps(8000, 44100) == 32);
    CHECK(constant_kbps(144000, 44100) == 160);
    CHECK(constant_kbps(144000, 24000) == 144);
    CHECK(constant_kbps(320000, 24000) == 160);
    CHECK(constant_kbps(320000, 8000) == 64);

    Options options;
    options.abr_bps = 8000;
    CHECK(settle(options, 44100, 2).bitrate_kbps == 32);
    CHECK(settle(options, 22050, 2).bitrate_kbps == 8);
}

TEST_CASE("mono stays mono, and more than two channels become two") {
    CHECK(settle({}, 44100, 1).channels == 1);
    CHECK(settle({}, 44100, 6).channels == 2);
    Options options;
    options.mono = true;
    CHECK(settle(options, 44100, 6).channels == 1);
}
