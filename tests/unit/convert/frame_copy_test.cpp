#include "daemon/convert/frame_copy.hpp"

#include <doctest/doctest.h>
#include <string>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

TEST_CASE("an MP3 of which nothing else is asked stays as it is, frame by frame") {
    const TempDir dir;
    for (const auto *options : {"-q:a 4", "-b:a 96k", "-b:a 64k -ac 1 -ar 22050"}) {
        CAPTURE(std::string{options});
        ffmpeg(stereo + options + " " + (dir / "in.mp3"));
        const convert::Report report = convert_file(dir / "in.mp3", dir / "out.mp3");
        CHECK(stream_of(dir / "out.mp3") == stream_of(dir / "in.mp3"));
        CHECK(report.duration_s == doctest::Approx(3));
    }
}

TEST_CASE("an MP3 of which something is asked is encoded again") {
    const TempDir dir;
    ffmpeg(stereo + "-b:a 320k " + (dir / "in.mp3"));
    Options options;
    options.preset = "voice";
    convert_file(dir / "in.mp3", dir / "out.mp3", options);
    CHECK(probed(dir / "out.mp3", "stream=sample_rate") == "24000");
}

TEST_CASE("an MP3 without an Info frame gets one, and decodes to the same") {
    const TempDir dir;
    for (const auto *bitrate : {"-b:a 48k", "-q:a 3"}) {
        ffmpeg(stereo + bitrate + " -write_xing 0 " + (dir / "in.mp3"));
        convert_file(dir / "in.mp3", dir / "out.mp3");
        const std::string stream = stream_of(dir / "out.mp3");
        CHECK(stream.find(bitrate[1] == 'b' ? "Info" : "Xing") == 36);
        CHECK((decoded(dir / "out.mp3") == decoded(dir / "in.mp3")));
        // mpg123 leaves out its own delay of 529 samples wherever there is an Info frame.
        const std::string before = output_of("mpg123 -q -s " + (dir / "in.mp3"));
        CHECK((output_of("mpg123 -q -s " + (dir / "out.mp3")) == before.substr(529 * 4)));
    }
}

TEST_CASE("MP3 in a video is copied too, and is as long as there") {
    const TempDir dir;
    ffmpeg(picture + stereo + "-c:v mpeg4 -c:a libmp3lame " + (dir / "video.mp4"));
    convert_file(dir / "video.mp4", dir / "out.mp3");
    CHECK((decoded(dir / "out.mp3") == decoded(dir / "video.mp4", "-map 0:a")));
}

TEST_CASE("MP3 of a container that knows of padding only keeps it") {
    const TempDir dir;
    ffmpeg(picture + stereo + "-c:v mpeg4 -c:a libmp3lame " + (dir / "video.mkv"));
    convert_file(dir / "video.mkv", dir / "out.mp3");
    const std::string before = decoded(dir / "video.mkv", "-map 0:a");
    const std::string after = decoded(dir / "out.mp3");
    CHECK(after.starts_with(before));
    CHECK(after.size() - before.size() < 1152 * 4);
}

TEST_CASE("an MP3 that breaks off says so in its Info frame") {
    const TempDir dir;
    ffmpeg(stereo + "-b:a 128k " + (dir / "whole.mp3"));
    const std::string bytes = bytes_of(dir / "whole.mp3");
    write_file(dir / "half.mp3", bytes.substr(0, bytes.size() / 2));
    convert_file(dir / "half.mp3", dir / "out.mp3");
    CHECK(complaints_about(dir / "out.mp3") == "");
    CHECK(std::stod(probed(dir / "out.mp3", "format=duration")) ==
          doctest::Approx(1.5).epsilon(0.05));
}
