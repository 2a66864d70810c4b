#include "daemon/convert/converter.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <string>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

struct Sample {
    const char *name;
    std::string made_by;
    const char *format;
    const char *codec;
    int channels;
};

const Sample samples[] = {
    {"video.mp4", picture + stereo + "-c:v mpeg4 -c:a aac", "mp4", "aac", 2},
    {"trimmed.mov", picture + stereo + "-c:v mpeg4 -c:a aac -ss 0.7", "mov", "aac", 2},
    {"talk.mkv", tone + "-ar 48000 -c:a libopus", "matroska", "opus", 1},
    {"talk.webm", stereo + "-c:a libvorbis", "webm", "vorbis", 2},
    {"music.flac", stereo, "flac", "flac", 2},
    {"phone.wav", tone + "-ar 8000 -ac 1", "wav", "pcm_s16le", 1},
    {"odd.wav", stereo + "-af atrim=end_sample=12345", "wav", "pcm_s16le", 2},
    {"again.mp3", stereo + "-b:a 128k", "mp3", "mp3", 2},
    {"film.ts", picture + stereo + "-c:v mpeg4 -c:a ac3", "mpegts", "ac3", 2},
};

} // namespace

TEST_CASE("the MP3 is as long as the source, to the sample") {
    const TempDir dir;
    for (const Sample &sample : samples) {
        CAPTURE(sample.name);
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        const convert::Report report = convert_file(dir / sample.name, dir / "out.mp3");
        CHECK(report.source.format == sample.format);
        CHECK(report.source.codec == sample.codec);
        CHECK(report.duration_s == doctest::Approx(*report.source.duration_s));
        CHECK(samples_in(dir / "out.mp3", sample.channels) ==
              samples_in(dir / sample.name, sample.channels));
    }
}

TEST_CASE("mpg123 hears the same length as ffmpeg, at any bitrate") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    for (const int bitrate_bps : {32000, 128000, 320000}) {
        Options options;
        options.bitrate_bps = bitrate_bps;
        convert_file(dir / "music.wav", dir / "out.mp3", options);
        CHECK(output_of("mpg123 -q -s " + (dir / "out.mp3")).size() == 3 * 44100 * 4);
        CHECK(samples_in(dir / "out.mp3", 2) == 3 * 44100);
    }
}

TEST_CASE("a studio's 96 kHz become 48 kHz of the same length") {
    const TempDir dir;
    ffmpeg(stereo + "-ar 96000 " + (dir / "studio.flac"));
    convert_file(dir / "studio.flac", dir / "out.mp3");
    CHECK(probed(dir / "out.mp3", "stream=sample_rate") == "48000");
    CHECK(std::abs(samples_in(dir / "out.mp3", 2) - 3 * 48000) <= 1);
}

TEST_CASE("decoders have no complaints, however low the bitrate") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    for (const auto *bitrate : {"8k", "40k", "192k"}) {
        Options options;
        set_option(options, "bitrate", bitrate);
        convert_file(dir / "music.wav", dir / "out.mp3", options);
        CHECK(output_of("ffmpeg -v warning -xerror -err_detect crccheck+bitstream+buffer+explode "
                        "-i " +
                        (dir / "out.mp3") + " -f null - 2>&1") == "");
    }
}

TEST_CASE("a recording that changes rate and channels midway goes on") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "a.aac"));
    ffmpeg(tone + "-ar 22050 " + (dir / "b.aac"));
    write_file(dir / "both.aac", bytes_of(dir / "a.aac") + bytes_of(dir / "b.aac"));
    convert_file(dir / "both.aac", dir / "out.mp3");
    const int64_t expected = samples_in(dir / "a.aac", 2) + 2 * samples_in(dir / "b.aac", 1);
    CHECK(std::abs(samples_in(dir / "out.mp3", 2) - expected) <= 2);
}
