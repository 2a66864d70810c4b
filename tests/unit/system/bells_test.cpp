#include "daemon/system/bells.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace mp3conv::system;

TEST_CASE("a file's bell rings those who wait for it, and few others") {
    Bells bells;
    bells.of("talk").ring();
    CHECK(bells.of("talk").count() == 1);
    int rung = 0;
    for (int i = 0; i < 1000; ++i) {
        if (bells.of("file" + std::to_string(i)).count() > 0) ++rung;
    }
    CHECK(rung < 50);
    bells.ring_all();
    CHECK(bells.of("talk").count() == 2);
}
