#include "daemon/system/watch.hpp"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

using namespace mp3conv::system;
using namespace std::chrono_literals;

namespace {

/// Eight threads, of which each ends when it has taken something.
struct Crew {
    Crew() {
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([this] {
                if (watch.next(stop.get_token(), [this] { return take(); })) ++taken;
            });
        }
    }

    std::optional<int> take() {
        const bool is_there = waiting > 0;
        if (is_there) --waiting;
        ++looks;
        changes.ring();
        return is_there ? std::optional{1} : std::nullopt;
    }

    void leave(int count) {
        waiting += count;
        bell.ring();
    }

    void wait_for_looks(int count) {
        for (auto seen = changes.count(); looks < count; seen = changes.count()) {
            changes.wait(seen, 1h);
        }
    }

    Bell bell, changes;
    Watch watch{bell, 1h};
    std::stop_source stop;
    std::atomic<int> waiting = 0;
    std::atomic<int> looks = 0;
    std::atomic<int> taken = 0;
    std::vector<std::jthread> threads;
};

} // namespace

TEST_CASE("of idle threads, as many look at a ring as there is work, and one more") {
    Crew crew;
    crew.wait_for_looks(1); // one, who finds nothing
    crew.leave(1);
    crew.wait_for_looks(3);
    crew.leave(3);
    crew.wait_for_looks(7);
    crew.stop.request_stop();
    crew.threads.clear();
    CHECK(crew.looks.load() == 7);
    CHECK(crew.taken.load() == 4);
}
