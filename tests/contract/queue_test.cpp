#include <atomic>
#include <doctest/doctest.h>
#include <set>
#include <thread>

#include "common/error.hpp"
#include "daemon/system/guarded.hpp"
#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

system::UserId add_user(db::Database &db, const std::string &name) {
    return *db.users().add(name + "@example.org", "hash");
}

FileObject add_file(db::Database &db, system::UserId owner, const std::string &id) {
    return db.jobs().enqueue({.id = id,
                              .owner = owner,
                              .name = id + ".mp4",
                              .options = {},
                              .bytes = 1000,
                              .sha256 = std::string(64, 'a'),
                              .source_blob = id + ".source"});
}

queue::Outcome outcome(const std::string &id) {
    return {.source = {.bytes = 0,
                       .duration_s = 10.5,
                       .format = "mp4",
                       .codec = "aac",
                       .lost_s = 0.25,
                       .truncated = true},
            .mp3 = {.bytes = 77,
                    .duration_s = 10.5,
                    .bitrate_bps = 190'000,
                    .sha256 = std::string(64, 'b'),
                    .note = "a chapter is missing"},
            .mp3_blob = id + ".mp3.1",
            .keep_source = false};
}

} // namespace

TEST_CASE("a job whose worker dies is handed to the next one") {
    each_database([](db::Database &db, FakeClock &clock) {
        add_file(db, add_user(db, "anna"), "talk");
        REQUIRE(db.jobs().reserve("first", 60s)->id == "talk");
        CHECK_FALSE(db.jobs().reserve("second", 60s)); // held by the first

        clock.advance(61s); // the lease runs out, as after a crash
        const auto again = db.jobs().reserve("second", 60s);
        REQUIRE(again);
        CHECK(again->tries == 2);
    });
}

TEST_CASE("a worker that comes back after its death need not wait for its own leases") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        add_file(db, anna, "song");
        const auto stale = *db.jobs().reserve("first", 60s);
        REQUIRE(db.jobs().reserve("second", 60s)->id == "song");

        db.jobs().reclaim("first");
        CHECK_FALSE(db.jobs().holds(stale));
        const auto again = db.jobs().reserve("first", 60s);
        REQUIRE(again);
        CHECK(again->id == "talk");
        CHECK(again->tries == 2);
        CHECK_FALSE(db.jobs().reserve("first", 60s)); // the other's is still the other's
    });
}

TEST_CASE("a clock that is turned hands nothing to the worker that holds it already") {
    each_database([](db::Database &db, FakeClock &clock) {
        add_file(db, add_user(db, "anna"), "talk");
        const auto job = *db.jobs().reserve("first", 60s);
        for (const auto by : {std::chrono::hours{24 * 40}, std::chrono::hours{-24 * 41}}) {
            clock.turn(by);
            CHECK_FALSE(db.jobs().reserve("first", 60s));
            CHECK(db.jobs().renew(job, 60s, 0.5));
        }
        CHECK(db.jobs().complete(job, outcome("talk")));
    });
}

TEST_CASE("a clock that is turned back makes no job wait longer") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "new");
        clock.turn(-1min);
        const auto job = *db.jobs().reserve("first", 60s);
        REQUIRE(db.jobs().release(job, 10s, true));
        clock.turn(-5h);
        const auto again = db.jobs().reserve("first", 60s);
        REQUIRE(again); // it was to rest for ten seconds
        clock.turn(-5h);
        CHECK(db.jobs().reserve("second", 60s)); // whose lease would end in ten hours
    });
}

TEST_CASE("a worker that lost its lease can change nothing") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        const auto stale = *db.jobs().reserve("first", 60s);
        clock.advance(61s);
        const auto held = *db.jobs().reserve("second", 60s);

        CHECK(db.jobs().holds(held));
        CHECK_FALSE(db.jobs().holds(stale));
        CHECK_FALSE(db.jobs().renew(stale, 60s, 0.9));
        CHECK_FALSE(db.jobs().complete(stale, outcome("talk")));
        CHECK_FALSE(db.jobs().bury(stale, {"not_media", "no", false}));
        CHECK_FALSE(db.jobs().release(stale, 0s, true));
        CHECK(db.files().find(anna, "talk")->object.state == State::converting);
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
        CHECK(db.jobs().complete(held, outcome("talk")));
    });
}

TEST_CASE("a lease that is renewed does not run out") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        const auto job = *db.jobs().reserve("first", 60s);
        clock.advance(50s);
        REQUIRE(db.jobs().renew(job, 60s, 0.5));
        clock.advance(50s);
        CHECK_FALSE(db.jobs().reserve("second", 60s));
        CHECK(db.files().find(anna, "talk")->object.progress == 0.5);
    });
}

TEST_CASE("users take turns, whoever queued more") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        const auto ben = add_user(db, "ben");
        for (const char *id : {"a1", "a2", "a3"}) add_file(db, anna, id);
        for (const char *id : {"b1", "b2"}) add_file(db, ben, id);
        std::string order;
        while (const auto job = db.jobs().reserve("worker", 60s)) order += job->id + " ";
        CHECK(order == "a1 b1 a2 b2 a3 ");
    });
}

TEST_CASE("who comes last waits for one job of each other user, however many those have") {
    each_database([](db::Database &db, FakeClock &) {
        for (const std::string name : {"anna", "ben", "carl"}) {
            const auto user = add_user(db, name);
            for (const char *number : {"1", "2", "3"}) add_file(db, user, name + number);
        }
        const auto serve = [&] {
            const auto job = *db.jobs().reserve("worker", 60s);
            db.jobs().complete(job, outcome(job.id));
            return job.id;
        };
        CHECK(serve() == "anna1");
        CHECK(serve() == "ben1");
        add_file(db, add_user(db, "dora"), "dora1");
        CHECK(serve() == "carl1");
        CHECK(serve() == "dora1");
        CHECK(serve() == "anna2");
    });
}

TEST_CASE("a finished job has its MP3, and a notice for its owner") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        REQUIRE(db.jobs().complete(*db.jobs().reserve("worker", 60s), outcome("talk")));

        const auto file = *db.files().find(anna, "talk");
        CHECK(file.object.state == State::done);
        CHECK(file.mp3_blob == "talk.mp3.1");
        CHECK(file.object.mp3->bytes == 77);
        CHECK(file.object.source.codec == "aac");
        CHECK(file.object.source.lost_s == 0.25);
        CHECK(file.object.source.truncated);
        CHECK(file.object.mp3->note == "a chapter is missing");
        CHECK(file.object.source.bytes == 1000);
        CHECK(file.object.expires_at == clock.now() + keep_mp3);
        CHECK_FALSE(db.files().names_blob("talk.source")); // nobody needs the source any more
        CHECK(db.files().unnamed({"talk.source", "talk.mp3.1", "other.mp3.1"}) ==
              std::vector<std::string>{"talk.source", "other.mp3.1"});
        CHECK(db.files().names_blob("talk.mp3.1"));

        const auto notice = db.outbox().reserve("sender", 60s);
        REQUIRE(notice);
        CHECK(notice->email == "anna@example.org");
        CHECK(notice->file->id == "talk");
        CHECK(notice->file->expires_at == file.object.expires_at);
    });
}

TEST_CASE("a job that cannot be done says why, and so does its notice") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "text");
        const Failure why{"not_media", "not a media file", false};
        REQUIRE(db.jobs().bury(*db.jobs().reserve("worker", 60s), why));
        CHECK(db.files().find(anna, "text")->object.error->code == "not_media");
        CHECK(db.outbox().reserve("sender", 60s)->file->error->detail == "not a media file");
        CHECK_FALSE(db.jobs().reserve("worker", 60s));
    });
}

TEST_CASE("a job that is handed back rests, and counts only its own tries") {
    each_database([](db::Database &db, FakeClock &clock) {
        add_file(db, add_user(db, "anna"), "talk");
        REQUIRE(db.jobs().release(*db.jobs().reserve("worker", 60s), 10s, true));
        CHECK_FALSE(db.jobs().reserve("worker", 60s));
        clock.advance(10s);
        const auto second = db.jobs().reserve("worker", 60s);
        CHECK(second->tries == 2);
        REQUIRE(db.jobs().release(*second, 0s, false)); // the daemon stopped
        CHECK(db.jobs().reserve("worker", 60s)->tries == 2);
    });
}

TEST_CASE("many workers at once never get the same job") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        constexpr int jobs = 40;
        for (int i = 0; i < jobs; ++i) add_file(db, anna, "talk" + std::to_string(i));
        system::Guarded<std::multiset<std::string>> taken;
        {
            std::vector<std::jthread> workers;
            for (int i = 0; i < 4; ++i) {
                workers.emplace_back([&, i] {
                    while (const auto job = db.jobs().reserve("w" + std::to_string(i), 60s)) {
                        taken.with([&](auto &ids) { ids.insert(job->id); });
                    }
                });
            }
        }
        taken.with([&](const auto &ids) {
            CHECK(ids.size() == jobs);
            CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == jobs);
        });
    });
}

TEST_CASE("cancelling ends a file that waits or runs, and no other") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "waits");
        CHECK(db.files().cancel(anna, "waits"));
        CHECK(db.files().cancel(anna, "waits")); // it stays so
        CHECK_FALSE(db.jobs().reserve("worker", 60s));

        add_file(db, anna, "runs");
        const auto job = *db.jobs().reserve("worker", 60s);
        CHECK(db.files().cancel(anna, "runs"));
        CHECK_FALSE(db.jobs().renew(job, 60s, 0.1));
        CHECK_FALSE(db.jobs().complete(job, outcome("runs")));

        add_file(db, anna, "ends");
        REQUIRE(db.jobs().complete(*db.jobs().reserve("worker", 60s), outcome("ends")));
        CHECK_FALSE(db.files().cancel(anna, "ends"));
    });
}

TEST_CASE("a failed file can be tried again, and its letter is called off") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        REQUIRE(db.jobs().bury(*db.jobs().reserve("worker", 60s), {"internal", "no", true}));
        REQUIRE(db.files().retry(anna, "talk", {}));
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
        CHECK_FALSE(db.files().find(anna, "talk")->object.error);
        CHECK(db.jobs().reserve("worker", 60s)->tries == 1);
        CHECK_FALSE(db.files().retry(anna, "talk", {})); // it runs
    });
}

TEST_CASE("another user's file is as absent as one that never was") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        const auto ben = add_user(db, "ben");
        add_file(db, anna, "talk");
        CHECK_FALSE(db.files().find(ben, "talk"));
        CHECK_FALSE(db.files().cancel(ben, "talk"));
        CHECK_FALSE(db.files().retry(ben, "talk", {}));
        CHECK_FALSE(db.files().remove(ben, "talk"));
        CHECK(db.files().list(ben, {}).files.empty());
        CHECK(db.files().find(anna, "talk"));
    });
}

TEST_CASE("a list shows the newest first, page by page, each file once") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        for (const char *id : {"one", "two", "three", "four", "five"}) add_file(db, anna, id);
        std::string seen;
        queue::Listing listing{.state = {}, .prefix = "", .limit = 2, .cursor = ""};
        do {
            const auto page = db.files().list(anna, listing);
            for (const auto &file : page.files) seen += file.id + " ";
            listing.cursor = page.next;
        } while (!listing.cursor.empty());
        CHECK(seen == "five four three two one ");

        CHECK(db.files().list(anna, {.prefix = "t"}).files.size() == 2);
        CHECK(db.files().list(anna, {.state = State::done}).files.empty());
        CHECK_THROWS_AS(db.files().list(anna, {.cursor = "x"}), Error);
    });
}

TEST_CASE("usage counts the bytes that are kept") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        CHECK(db.files().usage(anna).bytes == 1000);
        CHECK(db.files().usage(anna).active == 1);
        REQUIRE(db.jobs().complete(*db.jobs().reserve("worker", 60s), outcome("talk")));
        CHECK(db.files().usage(anna).bytes == 77);
        CHECK(db.files().usage(anna).files == 1);
        CHECK(db.files().usage(anna).active == 0);
    });
}

TEST_CASE("removing a file names the bytes that can go") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        CHECK(db.files().remove(anna, "talk") == std::vector<std::string>{"talk.source"});
        CHECK_FALSE(db.files().remove(anna, "talk"));
        CHECK_FALSE(db.files().names_blob("talk.source"));
    });
}

TEST_CASE("an MP3 expires with its time, and its row says so") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        add_file(db, anna, "broken");
        REQUIRE(db.jobs().complete(*db.jobs().reserve("worker", 60s), outcome("talk")));
        REQUIRE(db.jobs().bury(*db.jobs().reserve("worker", 60s), {"internal", "no", true}));
        const Time long_ago = clock.now() - 1h;
        CHECK(db.files().expire({long_ago, long_ago, long_ago}).empty());

        clock.advance(1h);
        const Time now = clock.now();
        auto blobs = db.files().expire({now, now, now});
        CHECK(std::set<std::string>(blobs.begin(), blobs.end()) ==
              std::set<std::string>{"talk.mp3.1", "broken.source"});
        CHECK(db.files().find(anna, "talk")->object.state == State::expired);
        CHECK_FALSE(db.files().find(anna, "talk")->object.expires_at);
        CHECK_FALSE(db.files().retry(anna, "broken", {})); // its source is gone
        CHECK(db.files().expire({now, now, now}).empty());
    });
}

TEST_CASE("a file without bytes is forgotten once it ended long enough ago, and its notice too") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "talk");
        REQUIRE(db.jobs().complete(*db.jobs().reserve("worker", 60s), outcome("talk")));
        db.outbox().sent(*db.outbox().reserve("sender", 60s));
        clock.advance(1h);
        const Time now = clock.now();
        CHECK(db.files().forget(now) == 0); // its MP3 is there
        db.files().expire({now, now, now});
        CHECK(db.files().forget(now - 1h) == 0); // that is when it ended
        CHECK(db.files().forget(now) == 1);
        CHECK_FALSE(db.files().find(anna, "talk"));
        CHECK(db.outbox().forget(now + 1h) == 0);
    });
}

TEST_CASE("no file is forgotten while its owner is still to hear of it, nor while it waits") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        add_file(db, anna, "broken");
        REQUIRE(db.jobs().bury(*db.jobs().reserve("worker", 60s), {"internal", "no", true}));
        add_file(db, anna, "waits");
        clock.advance(1h);
        const Time now = clock.now();
        db.files().expire({now, now, now});
        CHECK(db.files().forget(now) == 0);
        db.outbox().give_up(*db.outbox().reserve("sender", 60s), "no such mailbox");
        CHECK(db.files().forget(now) == 1);
        CHECK(db.files().find(anna, "waits"));
    });
}
