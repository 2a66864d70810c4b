#include <atomic>
#include <doctest/doctest.h>
#include <thread>

#include "common/error.hpp"
#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Anna, and what she sends, a thousand bytes each.
struct Anna {
    explicit Anna(db::Database &rows) :
        db{rows},
        user{*rows.users().add("anna@example.org", "hash")} {}

    FileObject enqueue(const std::string &id) { return db.jobs().enqueue(file(id)); }

    void begin(const std::string &id, bool is_partial = false) {
        queue::Upload upload;
        upload.file = file(id);
        upload.length = 1000;
        upload.is_partial = is_partial;
        db.uploads().begin(upload);
    }

    queue::NewFile file(const std::string &id) const {
        return {.id = id,
                .owner = user,
                .name = id + ".mp4",
                .options = {},
                .bytes = 1000,
                .sha256 = std::string(64, 'a'),
                .source_blob = id + ".source",
                .limits = limits};
    }

    queue::Usage usage() { return db.files().usage(user); }

    db::Database &db;
    system::UserId user;
    queue::Limits limits{};
};

template <typename Act>
void check_refused(Act &&act, Errc code) {
    try {
        act();
        FAIL("was not refused");
    } catch (const Error &e) {
        CHECK(e.code() == code);
    }
}

} // namespace

TEST_CASE("what takes an owner over a limit is refused, and leaves nothing behind") {
    struct Case {
        queue::Limits limits;
        Errc code;
    };
    for (const auto &[limits, code] :
         {Case{{.bytes = 1999}, Errc::over_quota}, Case{{.active = 1}, Errc::too_many_active},
          Case{{.uploads_a_day = 1}, Errc::too_many_today}}) {
        each_database([&](db::Database &db, FakeClock &) {
            Anna anna{db};
            anna.limits = limits;
            anna.enqueue("talk");
            check_refused([&] { anna.enqueue("song"); }, code);
            check_refused([&] { anna.begin("film"); }, code);
            CHECK(anna.usage().files == 1);
            CHECK(anna.usage().bytes == 1000);
            CHECK(anna.usage().uploads_today == 1);
        });
    }
}

TEST_CASE("however many are sent at once, no more get in than a limit allows") {
    each_database([](db::Database &db, FakeClock &) {
        Anna anna{db};
        anna.limits = {.active = 3};
        std::atomic<int> taken = 0;
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < 8; ++i) {
                clients.emplace_back([&, i] {
                    try {
                        anna.enqueue("talk" + std::to_string(i));
                        ++taken;
                    } catch (const Error &e) {
                        CHECK(e.code() == Errc::too_many_active);
                    }
                });
            }
        }
        CHECK(taken == 3);
        CHECK(anna.usage().active == 3);
        CHECK(anna.usage().uploads_today == 3);
    });
}

TEST_CASE("without limits an owner can have any number") {
    each_database([](db::Database &db, FakeClock &) {
        Anna anna{db};
        for (int i = 0; i < 20; ++i) anna.enqueue("talk" + std::to_string(i));
        CHECK(anna.usage().active == 20);
        CHECK(anna.usage().uploads_today == 20);
    });
}

TEST_CASE("one user's files are not held against another") {
    each_database([](db::Database &db, FakeClock &) {
        Anna anna{db};
        anna.enqueue("talk");
        const auto ben = *db.users().add("ben@example.org", "hash");
        auto file = anna.file("film");
        file.owner = ben;
        file.limits = {.bytes = 1000, .active = 1, .uploads_a_day = 1};
        CHECK_NOTHROW(db.jobs().enqueue(file));
    });
}

TEST_CASE("under way is what is sent, waits or is converted, and no piece of a file") {
    each_database([](db::Database &db, FakeClock &) {
        Anna anna{db};
        anna.begin("sent");
        anna.begin("piece", true);
        anna.enqueue("converted");
        anna.enqueue("waits");
        REQUIRE(db.jobs().reserve("worker", 60s)->id == "converted");
        CHECK(anna.usage().active == 3);
        CHECK(anna.usage().uploads_today == 3);
        REQUIRE(db.files().cancel(anna.user, "waits"));
        CHECK(anna.usage().active == 2);
    });
}

TEST_CASE("a day's uploads count until midnight UTC, also those that were removed") {
    each_database([](db::Database &db, FakeClock &clock) {
        clock.advance(24h - clock.now().time_since_epoch() % 24h - 1s); // a second before midnight
        Anna anna{db};
        anna.limits.uploads_a_day = 1;
        anna.enqueue("talk");
        REQUIRE(db.files().remove(anna.user, "talk"));
        CHECK(anna.usage().uploads_today == 1);
        try {
            anna.enqueue("song");
            FAIL("was not refused");
        } catch (const Error &e) {
            CHECK(e.retry_after() == 1s);
        }
        clock.advance(1s);
        CHECK(anna.usage().uploads_today == 0);
        CHECK_NOTHROW(anna.enqueue("song"));
    });
}

TEST_CASE("a file that would be one too many under way is not tried again") {
    each_database([](db::Database &db, FakeClock &) {
        Anna anna{db};
        anna.enqueue("talk");
        REQUIRE(db.files().cancel(anna.user, "talk"));
        anna.enqueue("song");
        check_refused([&] { db.files().retry(anna.user, "talk", {.active = 1}); },
                      Errc::too_many_active);
        CHECK(db.files().find(anna.user, "talk")->object.state == State::cancelled);
        CHECK(db.files().retry(anna.user, "talk", {.active = 2}));
    });
}

TEST_CASE(
    "a user's own limits stand before everybody's, each by itself, until they are taken back") {
    each_database([](db::Database &db, FakeClock &) {
        const Anna anna{db};
        const queue::Limits everybodys{.bytes = 1, .active = 2, .uploads_a_day = 3};
        db.files().set_own_limits(anna.user, {.bytes = 0, .uploads_a_day = 30});
        const auto own = db.files().own_limits(anna.user).over(everybodys);
        CHECK(own.bytes == 0);
        CHECK(own.active == 2);
        CHECK(own.uploads_a_day == 30);
        db.files().set_own_limits(anna.user, {});
        CHECK(db.files().own_limits(anna.user).over(everybodys).bytes == 1);
    });
}
