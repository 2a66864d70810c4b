#include "daemon/api/turns.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <semaphore>
#include <thread>

using namespace mp3conv;

TEST_CASE("a newer request asks the one before it to end, and has its turn when that has") {
    api::Turns turns;
    std::binary_semaphore broken_off{0};
    std::atomic<bool> has_turn = false;
    std::jthread second;
    {
        const auto first = turns.take("talk", [&] { broken_off.release(); });
        second = std::jthread{[&] {
            const auto turn = turns.take("talk", [] {});
            has_turn = true;
        }};
        broken_off.acquire();
        CHECK_FALSE(has_turn); // it waits for the first to have ended
    }
    second.join();
    CHECK(has_turn);
}

TEST_CASE("requests at different uploads do not wait for each other") {
    api::Turns turns;
    bool is_asked = false;
    const auto first = turns.take("talk", [&] { is_asked = true; });
    const auto second = turns.take("concert", [] {});
    CHECK_FALSE(is_asked);
}
