#include "common/media/completeness.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <string>

#include "common/error.hpp"
#include "common/media/extract.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string noise = "-f lavfi -i anoisesrc=d=20:a=0.3 ";
const std::string film = "-f lavfi -i testsrc=d=20:s=64x64:r=10 " + noise;

struct Sample {
    const char *name;
    std::string made_by;
    bool tells; ///< of its missing end
};

const Sample samples[] = {
    {"head.mp4", film + "-c:v mpeg4 -c:a aac -movflags faststart", true},
    {"sound.m4a", noise + "-c:a aac -movflags faststart", true},
    {"head.mov", noise + "-c:a pcm_s16le -movflags faststart", true},
    {"a.wav", noise, true},
    {"a.avi", film + "-c:v mpeg4 -c:a mp3", true},
    {"a.mkv", film + "-c:v mpeg4 -c:a aac", false},
    {"a.mka", noise + "-c:a libopus", true},
    {"a.flv", film + "-c:v flv -ar 44100", false},
    {"fragments.mp4", noise + "-c:a aac -movflags frag_keyframe+empty_moov", true},
    {"a.flac", noise, true},
    {"a.mp3", noise, true},
    {"a.aiff", noise, true},
    {"a.ogg", noise + "-c:a libvorbis", false},
    {"a.aac", noise, false},
    {"a.ts", film + "-c:v mpeg2video -c:a aac", false},
};

/// @return whether a conversion of the first part of the file says that it is cut.
bool is_cut(const TempDir &dir, const std::string &name, double part) {
    std::string bytes = bytes_of(dir / name);
    bytes.resize(static_cast<size_t>(static_cast<double>(bytes.size()) * part));
    write_file(dir / ("part_" + name), bytes);
    return convert_file(dir / ("part_" + name), dir / "out.mp3").source.truncated;
}

} // namespace

TEST_CASE("a file that was cut in the middle says so where its head knows better") {
    const TempDir dir;
    for (const Sample &sample : samples) {
        CAPTURE(std::string{sample.name});
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        CHECK_FALSE(is_cut(dir, sample.name, 1));
        CHECK(is_cut(dir, sample.name, 0.5) == sample.tells);
    }
}

TEST_CASE("a WAV that went through a pipe does not know its length, and is whole") {
    const TempDir dir;
    const std::string bytes = output_of("ffmpeg -v error " + noise + "-f wav -");
    write_file(dir / "pipe.wav", bytes);
    CHECK_FALSE(is_cut(dir, "pipe.wav", 1));
}

TEST_CASE("of a video that was cut, the whole is sent: the server can say so then") {
    const TempDir dir;
    ffmpeg(film + "-c:v mpeg4 -b:v 2M -c:a aac -movflags faststart " + (dir / "film.mp4"));
    const std::string bytes = bytes_of(dir / "film.mp4");
    write_file(dir / "half.mp4", bytes.substr(0, bytes.size() / 2));
    const Fd source = open_file(dir / "half.mp4", O_RDONLY);
    const Fd target = open_file(dir / "audio", O_RDWR | O_CREAT);
    CHECK_FALSE(media::extract_audio(source.get(), target.get(), {}, [](double) {}));
}

TEST_CASE("an index that plays the same chunk again and again is too long") {
    const TempDir dir;
    ffmpeg(film + "-c:v mpeg4 -c:a pcm_s16le " + (dir / "a.mov"));
    std::string bytes = bytes_of(dir / "a.mov");
    const size_t table = bytes.rfind("stco") + 8; // the sound's, behind version and flags
    uint8_t count[4];
    std::memcpy(count, bytes.data() + table, 4);
    const size_t chunks = size_t{count[2]} << 8 | count[3];
    REQUIRE(chunks > 2);
    for (size_t i = 1; i < chunks; ++i) {
        bytes.replace(table + 4 + i * 4, 4, bytes, table + 4, 4);
    }
    write_file(dir / "once.mov", bytes);
    CHECK_NOTHROW(
        convert_file(dir / "once.mov", dir / "out.mp3")); // odd, but no longer than it was
    // Most of the sound goes, and the box in which it was says so.
    constexpr size_t left = 0x10000;
    const size_t box = bytes.find("mdat") - 4;
    bytes.erase(box + left, bytes.find("moov") - 4 - box - left);
    bytes.replace(box, 4, std::string{"\0\1\0\0", 4});
    write_file(dir / "bomb.mov", bytes);
    CHECK_THROWS_WITH_AS(convert_file(dir / "bomb.mov", dir / "out.mp3"),
                         doctest::Contains("again and again"), Error);
}
