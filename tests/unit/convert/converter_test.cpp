#include "daemon/convert/converter.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <string>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

TEST_CASE("the MP3 sounds like its source") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    convert_file(dir / "music.wav", dir / "out.mp3");
    const std::string before = decoded(dir / "music.wav");
    const std::string after = decoded(dir / "out.mp3");
    REQUIRE(before.size() == after.size());
    double noise = 0;
    double signal = 0;
    for (size_t i = 0; i < before.size(); i += 2) {
        int16_t a = 0;
        int16_t b = 0;
        std::memcpy(&a, before.data() + i, 2);
        std::memcpy(&b, after.data() + i, 2);
        signal += double{1} * a * a;
        noise += double{1} * (a - b) * (a - b);
    }
    CHECK(noise < signal / 1000); // 30 dB below
}

TEST_CASE("5.1 does not clip") {
    const TempDir dir;
    const std::string full = "0.99*sin(2765*t)";
    ffmpeg("-f lavfi -i 'aevalsrc=" + full + "|" + full + "|" + full + "|0|" + full + "|" + full +
           ":c=5.1:s=48000:d=2' " + (dir / "loud.wav"));
    convert_file(dir / "loud.wav", dir / "out.mp3");
    CHECK(probed(dir / "out.mp3", "stream=channels") == "2");
    const int loudest = peak(decoded(dir / "out.mp3"));
    CHECK(loudest > 28000);
    CHECK(loudest < 32767);
}

TEST_CASE("sixteen channels that nobody named are all heard") {
    const TempDir dir;
    ffmpeg(tone + "-af 'pan=16c|c15=c0' " + (dir / "desk.wav"));
    convert_file(dir / "desk.wav", dir / "out.mp3");
    CHECK(peak(decoded(dir / "out.mp3")) > 100);
}

TEST_CASE("a track is chosen by its number or by its language") {
    const TempDir dir;
    ffmpeg(tone + stereo +
           "-map 0 -map 1 -c:a flac -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng " +
           (dir / "two.mkv"));
    const auto channels = [&](const char *name, const char *value) {
        Options options;
        set_option(options, name, value);
        convert_file(dir / "two.mkv", dir / "out.mp3", options);
        return probed(dir / "out.mp3", "stream=channels");
    };
    CHECK(channels("track", "1") == "1");
    CHECK(channels("track", "2") == "2");
    CHECK(channels("lang", "deu") == "1"); // the file says "ger": ISO 639-2 has both
    CHECK(channels("lang", "jpn,eng,deu") == "2");

    Options third;
    third.track = 3;
    const Refusal refusal = refusal_of(dir / "two.mkv", dir / "out.mp3", third);
    CHECK(refusal.code == Errc::no_audio_track);
    CHECK(refusal.message == "no audio track 3; there are only 2");
}
