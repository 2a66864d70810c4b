#include "daemon/convert/length.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"
#include "tests/unit/convert/media.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

/// A file of frames that are all the same: half a second of 8 kHz silence in twelve bytes.
std::string silent_flac(const TempDir &dir, int frames) {
    ffmpeg("-f lavfi -i anullsrc=r=8000:cl=mono:d=10 -c:a flac -frame_size 4608 " +
           (dir / "ten.flac"));
    const std::string bytes = bytes_of(dir / "ten.flac");
    const auto first = bytes.find("\xff\xf8");
    const auto second = bytes.find("\xff\xf8", first + 1);
    std::string all = bytes.substr(0, first);
    for (int i = 0; i < frames; ++i) all.append(bytes, first, second - first);
    return all;
}

} // namespace

TEST_CASE("a source may play for an hour, and for a second more with every eight bytes") {
    CHECK(convert::most_seconds(0) == 3600);
    CHECK(convert::most_seconds(8000) == 4600);
    CHECK(convert::most_mp3_bytes(0) > 3600 * 40'000);
    CHECK_NOTHROW(convert::check_length(3600, 3600));
    CHECK_THROWS_WITH(convert::check_length(3601, 3600), doctest::Contains("longer than"));
}

TEST_CASE("complete silence, in as few bytes as FLAC takes for it, is not too long") {
    const TempDir dir;
    const std::string bytes = silent_flac(dir, 10'000);
    CHECK(convert::most_seconds(bytes.size()) > 10'000 * 4608 / 8000.0);
}
