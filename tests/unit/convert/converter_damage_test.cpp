#include "daemon/convert/converter.hpp"

#include <cstdio>
#include <doctest/doctest.h>
#include <numeric>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

/// Overwrites some of a file's packets, and leaves in front of each what Matroska has there.
void damage(const std::string &path, const std::vector<size_t> &packets) {
    constexpr size_t block_header = 7;
    std::string bytes = bytes_of(path);
    std::istringstream table{output_of("ffprobe -v error -select_streams a -show_entries "
                                       "packet=pos,size -of csv=p=0 " +
                                       path)};
    std::vector<std::pair<size_t, size_t>> places;
    for (std::string line; std::getline(table, line);) {
        size_t at = 0;
        size_t size = 0;
        if (std::sscanf(line.c_str(), "%zu,%zu", &size, &at) == 2) places.emplace_back(at, size);
    }
    for (const size_t packet : packets) {
        const auto &[at, size] = places.at(packet);
        bytes.replace(at + block_header, size - block_header, size - block_header, '\xFF');
    }
    write_file(path, bytes);
}

} // namespace

TEST_CASE("float samples that are no numbers harm nothing") {
    const TempDir dir;
    ffmpeg(tone + "-c:a pcm_f32le " + (dir / "wild.wav"));
    std::string bytes = bytes_of(dir / "wild.wav");
    for (size_t i = 1000; i + 8 < bytes.size(); i += 4000) {
        bytes.replace(i, 8, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7E"); // not a number, and 1.7e38
    }
    write_file(dir / "wild.wav", bytes);
    convert_file(dir / "wild.wav", dir / "out.mp3");
    CHECK(samples_in(dir / "out.mp3", 1) == 3 * 44100);
}

TEST_CASE("a video without sound says so") {
    const TempDir dir;
    ffmpeg(picture + "-c:v mpeg4 " + (dir / "silent.mp4"));
    const Refusal refusal = refusal_of(dir / "silent.mp4", dir / "out.mp3");
    CHECK(refusal.code == Errc::no_audio_track);
    CHECK(refusal.message == "no audio track; nothing to convert");
}

TEST_CASE("a playlist is not media, whatever its name") {
    const TempDir dir;
    ffmpeg(tone + (dir / "secret.aac"));
    write_file(dir / "list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n" +
                                     (dir / "secret.aac") + "\n#EXT-X-ENDLIST\n");
    CHECK(refusal_of(dir / "list.mp4", dir / "out.mp3").code == Errc::not_media);
    write_file(dir / "list.mp4", "ffconcat version 1.0\nfile " + (dir / "secret.aac") + "\n");
    CHECK(refusal_of(dir / "list.mp4", dir / "out.mp3").code == Errc::not_media);
}

TEST_CASE("a text, an empty file and a folder are not media") {
    const TempDir dir;
    write_file(dir / "text.mp4", std::string(10000, 'a') + "\nhello\n");
    write_file(dir / "empty.mp4", "");
    CHECK(refusal_of(dir / "text.mp4", dir / "out.mp3").code == Errc::not_media);
    CHECK(refusal_of(dir / "empty.mp4", dir / "out.mp3").code == Errc::not_media);
    CHECK(refusal_of(dir.path(), dir / "out.mp3").code == Errc::local_file);
}

TEST_CASE("a file cut in the middle still gives what it has") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac -movflags faststart " + (dir / "whole.mp4"));
    const std::string bytes = bytes_of(dir / "whole.mp4");
    write_file(dir / "half.mp4", bytes.substr(0, bytes.size() / 2));
    const convert::Report report = convert_file(dir / "half.mp4", dir / "out.mp3");
    CHECK(report.duration_s > 1);
    CHECK(report.duration_s < 2);
}

TEST_CASE("a scratch in the middle is passed over") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a flac " + (dir / "whole.mka"));
    std::string bytes = bytes_of(dir / "whole.mka");
    bytes.replace(bytes.size() / 2, 2000, std::string(2000, 'x'));
    write_file(dir / "scratched.mka", bytes);
    CHECK(convert_file(dir / "scratched.mka", dir / "out.mp3").duration_s > 2);
}

TEST_CASE("damaged packets become silence of their length, and the file says how much") {
    const TempDir dir;
    for (const auto *name : {"music.m4a", "music.mka", "music.mp4"}) {
        CAPTURE(name);
        ffmpeg(stereo + "-c:a aac " + (dir / name));
        const auto samples = samples_in(dir / name, 2);
        damage(dir / name, {20, 50, 51, 52});
        const convert::Report report = convert_file(dir / name, dir / "out.mp3");
        CHECK(samples_in(dir / "out.mp3", 2) == samples);
        REQUIRE(report.source.lost_s);
        CHECK(*report.source.lost_s == doctest::Approx(4 * 1024 / 44100.0));
        CHECK(peak(decoded(dir / "out.mp3", "-af atrim=start_sample=51900:end_sample=52500")) <
              300);
        CHECK(peak(decoded(dir / "out.mp3", "-af atrim=start_sample=60000:end_sample=61000")) >
              3000);
    }
}

TEST_CASE("of a file that is whole, nothing was lost") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.m4a"));
    CHECK_FALSE(convert_file(dir / "music.m4a", dir / "out.mp3").source.lost_s);
}

TEST_CASE("a file of which more than half is damaged is not converted") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.m4a"));
    std::vector<size_t> most(80);
    std::iota(most.begin(), most.end(), 20);
    damage(dir / "music.m4a", most);
    const Refusal refusal = refusal_of(dir / "music.m4a", dir / "out.mp3");
    CHECK(refusal.code == Errc::corrupt_media);
    CHECK(refusal.message.find("less than half") != std::string::npos);
}

TEST_CASE("sound that is all zeros where there should be AAC is damaged") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac -movflags faststart " + (dir / "damaged.mp4"));
    std::string bytes = bytes_of(dir / "damaged.mp4");
    const size_t sound = bytes.find("mdat") + 4;
    bytes.replace(sound, bytes.size() - sound, std::string(bytes.size() - sound, '\0'));
    write_file(dir / "damaged.mp4", bytes);
    const Refusal refusal = refusal_of(dir / "damaged.mp4", dir / "out.mp3");
    CHECK(refusal.code == Errc::corrupt_media);
    CHECK(refusal.message.find("nothing could be decoded") != std::string::npos);
}
