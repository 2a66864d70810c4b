#include <atomic>
#include <doctest/doctest.h>
#include <thread>
#include <vector>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

using Subjects = std::vector<auth::Subject>;

auth::Subject account(const std::string &email) {
    return {email, "", {.free = 3, .forgiven_each = 15min}};
}

auth::Subject network(const std::string &network) {
    return {"", network, {.free = 3, .forgiven_each = 1min}};
}

const Subjects anna{account("anna@example.org")};
const Subjects ben{account("ben@example.org")};

/// Makes attempts until one has to wait. @return how long.
std::chrono::milliseconds use_up(auth::AttemptStore &attempts, const Subjects &subjects) {
    while (true) {
        const auto wait = attempts.begin(subjects);
        if (wait > 0ms) return wait;
    }
}

} // namespace

TEST_CASE("a few attempts go through at once; then each has to wait twice as long, up to a quarter "
          "of an hour") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Subjects unforgiven{{"anna@example.org", "", {.free = 3, .forgiven_each = 24h}}};
        for (int i = 0; i < 3; ++i) CHECK(db.attempts().begin(unforgiven) == 0ms);
        for (const auto delay : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s}) {
            CHECK(db.attempts().begin(unforgiven) == delay);
            clock.advance(delay - 1ms);
            CHECK(db.attempts().begin(unforgiven) == 1ms); // what was refused is not counted
            clock.advance(1ms);
            CHECK(db.attempts().begin(unforgiven) == 0ms);
        }
        for (int i = 0; i < 20; ++i) {
            CHECK(db.attempts().begin(unforgiven) == 15min);
            clock.advance(15min);
            CHECK(db.attempts().begin(unforgiven) == 0ms);
        }
    });
}

TEST_CASE("attempts at one account, or from one network, are not another's") {
    each_database([](db::Database &db, FakeClock &) {
        use_up(db.attempts(), anna);
        CHECK(db.attempts().begin(ben) == 0ms);
        CHECK(db.attempts().begin({network("192.0.2.1")}) == 0ms);
        use_up(db.attempts(), {network("192.0.2.1")});
        CHECK(db.attempts().begin({network("192.0.2.2")}) == 0ms);
    });
}

TEST_CASE("who has to wait for one reason is not counted for the other") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Subjects both{account("ben@example.org"), network("192.0.2.1")};
        use_up(db.attempts(), {network("192.0.2.1")});
        for (int i = 0; i < 10; ++i) CHECK(db.attempts().begin(both) == 1s);
        CHECK(db.attempts().begin(ben) == 0ms);
        CHECK(db.attempts().begin(ben) == 0ms);
        clock.advance(1s);
        CHECK(db.attempts().begin(both) == 0ms); // Ben's third, the network's fourth
        CHECK(db.attempts().begin(both) == 2s);
    });
}

TEST_CASE("attempts are forgiven one by one") {
    each_database([](db::Database &db, FakeClock &clock) {
        use_up(db.attempts(), anna);
        clock.advance(15min);
        CHECK(db.attempts().begin(anna) == 0ms);
        CHECK(db.attempts().begin(anna) == 1s);
        clock.advance(45min);
        for (int i = 0; i < 3; ++i) CHECK(db.attempts().begin(anna) == 0ms);
        CHECK(db.attempts().begin(anna) == 1s);
    });
}

TEST_CASE("however many attempts there were, an hour forgives four of those at an account") {
    each_database([](db::Database &db, FakeClock &clock) {
        for (int i = 0; i < 100; ++i) clock.advance(use_up(db.attempts(), anna));
        clock.advance(1h);
        db.attempts().begin(anna);
        CHECK(db.attempts().begin(anna) <= 128s);
    });
}

TEST_CASE("an attempt that is taken back does not count, and nobody waits for it") {
    each_database([](db::Database &db, FakeClock &) {
        for (int i = 0; i < 20; ++i) {
            CHECK(db.attempts().begin(anna) == 0ms);
            db.attempts().take_back(anna);
        }
        for (int i = 0; i < 3; ++i) CHECK(db.attempts().begin(anna) == 0ms);
        db.attempts().take_back(anna);
        CHECK(db.attempts().begin(anna) == 0ms);
        CHECK(db.attempts().begin(anna) == 1s);
    });
}

TEST_CASE("an account that is cleared is free of all attempts, wherever they came from") {
    each_database([](db::Database &db, FakeClock &) {
        Subjects at_home = anna;
        at_home[0].network = "192.0.2.1";
        use_up(db.attempts(), anna);
        use_up(db.attempts(), at_home);
        use_up(db.attempts(), ben);
        db.attempts().clear("anna@example.org");
        db.attempts().take_back(anna); // one that was under way
        CHECK(db.attempts().begin(anna) == 0ms);
        CHECK(db.attempts().begin(at_home) == 0ms);
        CHECK(db.attempts().begin(ben) == 1s);
    });
}

TEST_CASE("of many attempts at the same time no more go through than there are") {
    each_database([](db::Database &db, FakeClock &) {
        const Subjects both{account("anna@example.org"), network("192.0.2.1")};
        std::atomic<int> through = 0;
        std::vector<std::jthread> guesses;
        for (int i = 0; i < 8; ++i) {
            guesses.emplace_back([&] {
                if (db.attempts().begin(both) == 0ms) ++through;
            });
        }
        guesses.clear();
        CHECK(through == 3);
    });
}

TEST_CASE("where an account was got into is known for 90 days, of that account") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto id = *db.users().add("anna@example.org", "hash");
        db.users().add("ben@example.org", "hash");
        const auto is_known = [&] {
            return db.attempts().is_known("anna@example.org", "192.0.2.1");
        };
        CHECK_FALSE(is_known());
        db.attempts().remember(id, "192.0.2.1");
        CHECK(is_known());
        CHECK_FALSE(db.attempts().is_known("anna@example.org", "192.0.2.2"));
        CHECK_FALSE(db.attempts().is_known("ben@example.org", "192.0.2.1"));
        clock.advance(24h * 89);
        db.attempts().sweep();
        CHECK(is_known());
        db.attempts().remember(id, "192.0.2.1");
        clock.advance(24h * 89);
        CHECK(is_known());
        clock.advance(24h);
        CHECK_FALSE(is_known());
        db.attempts().remember(id, "192.0.2.1");
        db.users().remove(id);
        db.users().add("anna@example.org", "hash");
        CHECK_FALSE(is_known());
    });
}

TEST_CASE("sweeping drops what is forgiven, and nothing before") {
    each_database([](db::Database &db, FakeClock &clock) {
        use_up(db.attempts(), anna);
        db.attempts().sweep();
        CHECK(db.attempts().begin(anna) == 1s);
        clock.advance(44min);
        db.attempts().sweep();
        for (int i = 0; i < 2; ++i) CHECK(db.attempts().begin(anna) == 0ms); // one is left of three
        CHECK(db.attempts().begin(anna) == 1s);
        clock.advance(1h);
        db.attempts().sweep();
        for (int i = 0; i < 3; ++i) CHECK(db.attempts().begin(anna) == 0ms);
    });
}

TEST_CASE("a clock that was set back locks nobody out") {
    each_database([](db::Database &db, FakeClock &clock) {
        use_up(db.attempts(), anna);
        clock.advance(-24h * 365);
        CHECK(db.attempts().begin(anna) == 0ms);
        CHECK(db.attempts().begin(anna) <= 15min);
    });
}
