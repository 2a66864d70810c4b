#include "daemon/auth/password.hpp"

#include <atomic>
#include <doctest/doctest.h>
#include <latch>
#include <thread>
#include <vector>

#include "common/error.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

TEST_CASE("of many passwords at once some wait, and the rest is told when to come back") {
    constexpr int many = 24;
    std::atomic<int> checked = 0;
    std::atomic<int> refused = 0;
    std::latch all{many};
    std::vector<std::jthread> comers;
    for (int i = 0; i < many; ++i) {
        comers.emplace_back([&] {
            all.arrive_and_wait();
            try {
                auth::verify_nobody("correct horse");
                ++checked;
            } catch (const Error &e) {
                if (e.code() == Errc::busy && e.retry_after() > 0s) ++refused;
            }
        });
    }
    comers.clear();
    CHECK(checked >= 18);
    CHECK(refused > 0);
    CHECK(checked + refused == many);
}
