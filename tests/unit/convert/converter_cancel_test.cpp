#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

TEST_CASE("progress grows from 0 to 1") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.mp4"));
    std::vector<double> seen;
    convert_file(dir / "music.mp4", dir / "out.mp3", {},
                 [&](double part) { seen.push_back(part); });
    REQUIRE(seen.size() > 10);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.front() >= 0);
    CHECK(seen.front() < 0.1);
    CHECK(seen.back() > 0.95);
    CHECK(seen.back() <= 1);
}

TEST_CASE("progress that throws ends the conversion") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    int calls = 0;
    const auto cancel = [&](double) {
        if (++calls == 3) throw Error{Errc::cancelled, "cancelled"};
    };
    CHECK_THROWS_AS(convert_file(dir / "music.wav", dir / "out.mp3", {}, cancel), Error);
    CHECK(calls == 3);
}

TEST_CASE("a full disk is not the source's fault") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    const Fd source = open_file(dir / "music.wav", O_RDONLY);
    const Fd full = open_file("/dev/full", O_WRONLY);
    try {
        convert::Cores cores{1};
        convert::convert(source.get(), full.get(), {}, cores, {});
        FAIL("nothing was thrown");
    } catch (const Error &e) {
        CHECK(e.code() == Errc::storage_full);
    }
}
