#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

void enqueue(db::Database &db, const std::string &id) {
    auto user = db.users().find("anna@example.org");
    const auto owner = user ? user->id : *db.users().add("anna@example.org", "hash");
    db.jobs().enqueue({.id = id,
                       .owner = owner,
                       .name = id + ".mp4",
                       .options = {},
                       .bytes = 7,
                       .sha256 = "abc",
                       .source_blob = id + ".source"});
}

} // namespace

TEST_CASE("a paused queue hands out no job, and goes on where it was") {
    each_database([](db::Database &db, FakeClock &) {
        enqueue(db, "talk");
        db.overview().set_paused(true);
        db.overview().set_paused(true);
        CHECK(db.overview().backlog().is_paused);
        CHECK_FALSE(db.jobs().reserve("worker", 60s));
        db.overview().set_paused(false);
        CHECK_FALSE(db.overview().backlog().is_paused);
        CHECK(db.jobs().reserve("worker", 60s));
    });
}

TEST_CASE("the backlog counts what waits and runs, and how long the first waits") {
    each_database([](db::Database &db, FakeClock &clock) {
        CHECK(db.overview().backlog().oldest_wait == 0s);
        for (const char *id : {"first", "second", "third"}) {
            enqueue(db, id);
            clock.advance(10s);
        }
        CHECK(db.overview().backlog().oldest_wait == 30s);
        db.jobs().bury(*db.jobs().reserve("worker", 60s), {"not_media", "no", false});
        db.jobs().reserve("worker", 60s);
        const auto backlog = db.overview().backlog();
        CHECK(backlog.queued == 1);
        CHECK(backlog.converting == 1);
        CHECK(backlog.oldest_wait == 10s);
    });
}

TEST_CASE("an administrator sees everyone's files, the newest first, and their bytes") {
    each_database([](db::Database &db, FakeClock &) {
        enqueue(db, "first");
        enqueue(db, "second");
        const auto all = db.overview().list(std::nullopt, 100);
        REQUIRE(all.size() == 2);
        CHECK(all[0].file.id == "second");
        CHECK(all[0].email == "anna@example.org");
        CHECK(db.overview().list(std::nullopt, 1).size() == 1);
        CHECK(db.overview().list(State::done, 100).empty());
        CHECK(db.overview().owner_of("first"));
        CHECK_FALSE(db.overview().owner_of("third"));
        const auto blobs = db.overview().blobs_after(0);
        REQUIRE(blobs.size() == 2);
        CHECK(blobs[0].blob == "first.source");
        CHECK(blobs[0].bytes == 7);
        CHECK(db.overview().blobs_after(blobs[1].seq).empty());
    });
}

TEST_CASE("a letter that was given up is listed, and due again once it is retried") {
    each_database([](db::Database &db, FakeClock &) {
        enqueue(db, "talk");
        db.jobs().bury(*db.jobs().reserve("worker", 60s), {"not_media", "no", false});
        db.outbox().give_up(*db.outbox().reserve("sender", 60s), "no such mailbox");
        CHECK(db.outbox().size().given_up == 1);
        const auto lines = db.outbox().list(100);
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].is_given_up);
        CHECK(lines[0].last_error == "no such mailbox");
        CHECK(db.outbox().retry(lines[0].id));
        CHECK(db.outbox().size().waiting == 1);
        const auto notice = *db.outbox().reserve("sender", 60s);
        CHECK(notice.attempt == 1);
        db.outbox().sent(notice);
        CHECK_FALSE(db.outbox().retry(lines[0].id));
    });
}

TEST_CASE("a copy of the rows is those of one moment, and a database of its own") {
    each_database([](db::Database &db, FakeClock &clock) {
        if (!db.is_local()) return;
        const TempDir folder;
        enqueue(db, "before");
        db.copy_to(folder.path() / "mp3conv.db",
                   [&] { CHECK(db.overview().list(std::nullopt, 100).size() == 1); });
        enqueue(db, "after");
        const auto copy = db::open_database("sqlite:", folder.path(), clock);
        CHECK(copy->overview().owner_of("before"));
        CHECK_FALSE(copy->overview().owner_of("after"));
    });
}
