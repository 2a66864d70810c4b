#include "common/units.hpp"

#include <doctest/doctest.h>

using namespace mp3conv;
using namespace std::chrono_literals;

TEST_CASE("sizes are read with the units that people write") {
    CHECK(parse_size("4096") == 4096);
    CHECK(parse_size("8GiB") == 8ULL << 30);
    CHECK(parse_size("500 MB") == 500'000'000);
    CHECK(parse_size("192k") == 192'000);
    for (const char *bad :
         {"", "GiB", "-1", "8 gibibytes", "99999999999999999999", "20000000TiB"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_size(bad));
    }
}

TEST_CASE("durations are read with the units that people write") {
    CHECK(parse_duration("90") == 90s);
    CHECK(parse_duration("10m") == 10min);
    CHECK(parse_duration("1h30m") == 90min);
    CHECK(parse_duration("30d") == 720h);
    for (const char *bad : {"", "h", "1 fortnight", "-5s", "99999999999999d"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_duration(bad));
    }
}

TEST_CASE("a time survives its way through text to the millisecond") {
    const Time time{1'764'000'000'125ms};
    CHECK(format_time(time) == "2025-11-24T16:00:00.125Z");
    CHECK(parse_time(format_time(time)) == time);
    CHECK(parse_time("2025-11-24T16:00:00Z") == Time{1'764'000'000'000ms});
    for (const char *bad : {"", "2025-11-24", "2025-11-24T16:00:00", "2025-11-24T16:00:00.Z",
                            "2025-13-24T16:00:00Z", "2025-11-24T16:00:00+01:00"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_time(bad));
    }
}

TEST_CASE("sizes and durations are written for people") {
    CHECK(format_size(999) == "999 B");
    CHECK(format_size(73'100'000) == "73.1 MB");
    CHECK(format_size(999'960) == "1.0 MB");
    CHECK(format_duration(3723.4) == "1:02:03");
    CHECK(format_duration(59.6) == "1:00");
}

TEST_CASE("a place in a recording is written as people and programs do") {
    CHECK(parse_position("83.5") == 83.5);
    CHECK(parse_position("1:23.5") == 83.5);
    CHECK(parse_position("1:02:03") == 3723);
    CHECK(parse_position("1m30s") == 90);
    CHECK(parse_position("0") == 0);
    for (const char *bad : {"", "-1", "1:2:3:4", "x", "1:", ":1", "inf", "nan", "1e3x", "1:-2"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_position(bad));
    }
    for (const double place : {0.0, 83.5, 1.000011338, 36000.0}) {
        CHECK(parse_position(position_text(place)) == place);
    }
    CHECK(position_text(83.5) == "83.5");
    CHECK(position_text(60) == "60");
}
