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
