#include "daemon/api/range.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"

using namespace mp3conv;
using api::parse_range;

TEST_CASE("a range asks for a part of the MP3") {
    const auto is = [](const char *header, uint64_t first, uint64_t count) {
        CAPTURE(header);
        const auto range = parse_range(header, 1000);
        REQUIRE(range);
        CHECK(range->first == first);
        CHECK(range->count == count);
    };
    is("bytes=0-0", 0, 1);
    is("bytes=500-", 500, 500);
    is("bytes=-1", 999, 1);
    is("bytes=-5000", 0, 1000);
    is("bytes=990-99999999999999", 990, 10);
}

TEST_CASE("a range behind the end is refused") {
    CHECK_THROWS_AS(parse_range("bytes=1000-", 1000), Error);
    CHECK_THROWS_AS(parse_range("bytes=-0", 1000), Error);
    CHECK_THROWS_AS(parse_range("bytes=0-", 0), Error);
}

TEST_CASE("what is not one range of bytes is as if it were not said") {
    for (const char *header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4",
                               "bytes=0-1,5-6", "lines=0-1", "bytes=99999999999999999999-"}) {
        CAPTURE(header);
        CHECK_FALSE(parse_range(header, 1000));
    }
}
