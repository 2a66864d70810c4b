#include "daemon/convert/cores.hpp"

#include <doctest/doctest.h>
#include <optional>

using mp3conv::convert::Cores;

TEST_CASE("a lone conversion has all cores, and a full house one each") {
    Cores cores{4};
    const Cores::Seat lone{cores};
    CHECK(lone.threads() == 4);
    std::optional<Cores::Seat> second{cores};
    CHECK(lone.threads() == 2);
    const Cores::Seat third{cores};
    CHECK(lone.threads() == 2); // rather than leave a core idle
    const Cores::Seat fourth{cores};
    CHECK(lone.threads() == 1);
    const Cores::Seat fifth{cores};
    CHECK(lone.threads() == 1);
    second.reset(); // four run again: still one each
    CHECK(lone.threads() == 1);
}

TEST_CASE("conversions in processes of their own share the cores by a count that another keeps") {
    std::atomic<int> running = 1;
    Cores cores{4, running};
    const Cores::Seat seat{cores};
    CHECK(seat.threads() == 4);
    running = 2;
    CHECK(seat.threads() == 2);
    running = 0; // its keeper has given this conversion up
    CHECK(seat.threads() == 4);
}
