#include "daemon/system/gate.hpp"

#include <doctest/doctest.h>
#include <thread>
#include <vector>

using namespace mp3conv;

TEST_CASE("a gate is shut to more than it has places, until one leaves") {
    system::Gate gate{2, 0};
    auto first = gate.enter();
    const auto second = gate.enter();
    CHECK(second);
    CHECK_FALSE(gate.enter());
    first.reset();
    CHECK(gate.enter());
}

TEST_CASE("who may wait at a gate gets in when another leaves, and one more is turned away") {
    system::Gate gate{1, 1};
    auto inside = gate.enter();
    std::atomic<int> entered = 0;
    std::atomic<int> refused = 0;
    std::vector<std::jthread> comers;
    for (int i = 0; i < 2; ++i) {
        comers.emplace_back([&] {
            auto &count = gate.enter() ? entered : refused;
            ++count;
            count.notify_one();
        });
    }
    refused.wait(0); // one of the two waits, so the other is turned away
    CHECK(entered == 0);
    inside.reset();
    comers.clear();
    CHECK(entered == 1);
    CHECK(refused == 1);
}
