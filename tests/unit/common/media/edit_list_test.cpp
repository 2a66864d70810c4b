#include "common/media/edit_list.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string music = "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(9*t*t*t):s=44100:d=5' ";

struct Stretch {
    uint32_t duration_ms;
    int32_t begin; ///< in samples; -1 is a pause
};

std::string big_endian(uint32_t number) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
    return bytes;
}

/// Lets the boxes around a place grow. They are of a file with one track.
void grow(std::string &bytes, size_t by) {
    for (const auto *name : {"moov", "trak", "edts", "elst"}) {
        const size_t at = bytes.find(name) - 4;
        uint32_t size = 0;
        for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<uint8_t>(bytes[at + i]);
        bytes.replace(at, 4, big_endian(size + static_cast<uint32_t>(by)));
    }
}

/// @return the bytes of an MP4 with another edit list. Its index is behind the sound.
std::string with_edits(std::string bytes, const std::vector<Stretch> &stretches) {
    constexpr size_t entry_bytes = 12;
    std::string list = big_endian(static_cast<uint32_t>(stretches.size()));
    for (const Stretch &stretch : stretches) {
        list += big_endian(stretch.duration_ms) + big_endian(static_cast<uint32_t>(stretch.begin)) +
                big_endian(1 << 16);
    }
    const size_t at = bytes.find("elst");
    REQUIRE(at != std::string::npos);
    bytes.replace(at + 8, 4 + entry_bytes, list);
    grow(bytes, list.size() - 4 - entry_bytes);
    return bytes;
}

std::optional<media::Edits> edits_of(const std::string &path) {
    return media::read_edits(open_file(path, O_RDONLY).get());
}

} // namespace

TEST_CASE("an MP4 is as long as its edit list says, to the sample, whatever that leaves out") {
    const TempDir dir;
    const std::vector<std::vector<Stretch>> lists{
        {{5000, 1024}},               // the priming
        {{5000, 0}},                  // nothing
        {{5000, 3000}},               // more, into the third packet
        {{1000, 1024}},               // all but the first second
        {{4900, 1024}},               // the last packets
        {{2000, 40000}},              // both ends
        {{1000, 90000}},              // more than two seconds in front
        {{500, -1}, {2000, 1024}},    // a pause, and the end
        {{1000, 1024}, {1000, 88200}} // the middle
    };
    for (const auto *codec : {"aac", "alac"}) {
        ffmpeg(music + "-c:a " + codec + " " + (dir / "whole.m4a"));
        for (const auto &list : lists) {
            CAPTURE(codec);
            CAPTURE(list[0].duration_ms);
            CAPTURE(list[0].begin);
            write_file(dir / "cut.m4a", with_edits(bytes_of(dir / "whole.m4a"), list));
            convert_file(dir / "cut.m4a", dir / "out.mp3");
            CHECK(samples_in(dir / "out.mp3", 2) == samples_in(dir / "cut.m4a", 2));
        }
    }
}

TEST_CASE("edit lists are read where each track has one stretch at most") {
    const TempDir dir;
    ffmpeg(music + "-c:a aac " + (dir / "whole.m4a"));
    const auto edits = edits_of(dir / "whole.m4a");
    REQUIRE(edits);
    CHECK(edits->movie_hz == 1000);
    REQUIRE(edits->tracks.size() == 1);
    CHECK(edits->tracks[0].value().begin == 1024);
    CHECK(edits->tracks[0].value().duration == 5000);

    write_file(dir / "two.m4a",
               with_edits(bytes_of(dir / "whole.m4a"), {{1000, 1024}, {1000, 88200}}));
    CHECK_FALSE(edits_of(dir / "two.m4a"));
    write_file(dir / "pause.m4a", with_edits(bytes_of(dir / "whole.m4a"), {{1000, -1}}));
    CHECK_FALSE(edits_of(dir / "pause.m4a"));
}

TEST_CASE("boxes without end and boxes without number are given up") {
    const TempDir dir;
    std::string bytes = big_endian(8 << 20) + "moov";
    while (bytes.size() < 8 << 20) bytes += big_endian(8) + "free";
    write_file(dir / "many.mp4", bytes);
    CHECK_FALSE(edits_of(dir / "many.mp4"));
    write_file(dir / "short.mp4", big_endian(100) + "moov" + big_endian(4) + "mvhd");
    CHECK_FALSE(edits_of(dir / "short.mp4"));
    write_file(dir / "large.mp4", big_endian(1) + "moov" + std::string(8, '\xFF'));
    CHECK_FALSE(edits_of(dir / "large.mp4"));
}
