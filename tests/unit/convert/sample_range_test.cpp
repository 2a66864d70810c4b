#include "daemon/convert/sample_range.hpp"

#include <doctest/doctest.h>
#include <string>

#include "common/error.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string music = "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(9*t*t*t):s=44100:d=8' ";

Options part(std::optional<double> start_s, std::optional<double> end_s) {
    Options options;
    options.start_s = start_s;
    options.end_s = end_s;
    return options;
}

struct Part {
    Options options;
    const char *filter; ///< ffmpeg's, for the same
};

const Part parts[] = {
    {part(0.5, 1.25), "atrim=start_sample=22050:end_sample=55125"},
    {part(2, std::nullopt), "atrim=start_sample=88200"},
    {part(std::nullopt, 7.5), "atrim=end_sample=330750"},
    {part(1.00001, 100), "atrim=start_sample=44100"},
};

} // namespace

TEST_CASE("a part of a recording begins and ends at the sample that was asked for") {
    const TempDir dir;
    for (const std::string name : {"packed.wav", "planar.m4a"}) {
        ffmpeg(music + (name == "planar.m4a" ? "-c:a alac -sample_fmt s16p " : "") + (dir / name));
        for (const Part &one : parts) {
            CAPTURE(std::string{one.filter});
            ffmpeg("-i " + (dir / name) + " -af " + one.filter + " " + (dir / "cut.wav"));
            convert_file(dir / "cut.wav", dir / "wanted.mp3");
            convert_file(dir / name, dir / "part.mp3", one.options);
            CHECK((bytes_of(dir / "part.mp3") == bytes_of(dir / "wanted.mp3")));
        }
    }
}

TEST_CASE("the file object tells the length of the whole source where only a part is wanted") {
    const TempDir dir;
    ffmpeg(music + (dir / "music.flac"));
    const auto report = convert_file(dir / "music.flac", dir / "part.mp3", part(1, 2));
    CHECK(*report.source.duration_s == doctest::Approx(8));
    CHECK(report.duration_s == doctest::Approx(1));
}

TEST_CASE("chapters are counted from where the part begins, and others are left out") {
    const TempDir dir;
    write_file(dir / "meta", ";FFMETADATA1\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=one\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=3000\ntitle=two\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=6000\ntitle=three\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=6000\nEND=8000\ntitle=four\n");
    ffmpeg(music + "-i " + (dir / "meta") + " -map 0 -map_chapters 1 " + (dir / "book.mka"));
    convert_file(dir / "book.mka", dir / "part.mp3", part(1.5, 4));
    CHECK(probed(dir / "part.mp3", "chapter=start_time,end_time:chapter_tags=title") ==
          "0.000000\n1.500000\ntwo\n1.500000\n2.500000\nthree");
}

TEST_CASE("an MP3 of which a part is wanted is cut to the sample as well") {
    const TempDir dir;
    ffmpeg(music + (dir / "music.mp3"));
    const auto report = convert_file(dir / "music.mp3", dir / "part.mp3", part(1, 2));
    CHECK(samples_in(dir / "part.mp3", 2) == 44100);
    CHECK(report.duration_s == doctest::Approx(1));
}

TEST_CASE("a start behind the recording's end says how long it is") {
    const TempDir dir;
    ffmpeg(music + (dir / "music.flac"));
    CHECK_THROWS_WITH_AS(convert_file(dir / "music.flac", dir / "part.mp3", part(9, {})),
                         "option start: behind the end of the audio, which is 0:08 long", Error);
}
