#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Leaves a notice, as a finished job does.
void leave_notice(db::Database &db, const std::string &id) {
    auto user = db.users().find("anna@example.org");
    const auto owner = user ? user->id : *db.users().add("anna@example.org", "hash");
    db.jobs().enqueue({.id = id,
                       .owner = owner,
                       .name = id + ".mp4",
                       .options = {},
                       .bytes = 1,
                       .sha256 = "",
                       .source_blob = id + ".source"});
    db.jobs().bury(*db.jobs().reserve("worker", 60s), {"not_media", "no", false});
}

} // namespace

TEST_CASE("a letter whose sender dies is sent by the next one, under the same number") {
    each_database([](db::Database &db, FakeClock &clock) {
        leave_notice(db, "talk");
        const auto first = *db.outbox().reserve("first", 60s);
        CHECK_FALSE(db.outbox().reserve("second", 60s));
        clock.advance(61s);
        const auto second = *db.outbox().reserve("second", 60s);
        CHECK(second.id == first.id);
        CHECK(second.attempt == 2);
        db.outbox().postpone(first, 10min, "too late"); // the other's is still the other's
        clock.advance(59s);
        CHECK_FALSE(db.outbox().reserve("third", 60s));
    });
}

TEST_CASE("a sender that comes back after its death need not wait for its own leases") {
    each_database([](db::Database &db, FakeClock &) {
        leave_notice(db, "talk");
        leave_notice(db, "song");
        const auto first = *db.outbox().reserve("first", 10min);
        REQUIRE(db.outbox().reserve("second", 10min));

        db.outbox().reclaim("first");
        const auto again = db.outbox().reserve("first", 10min);
        REQUIRE(again);
        CHECK(again->id == first.id);
        CHECK_FALSE(db.outbox().reserve("first", 10min)); // the other's is still the other's
    });
}

TEST_CASE("a clock that is turned makes no letter go out twice, and none wait longer") {
    each_database([](db::Database &db, FakeClock &clock) {
        leave_notice(db, "talk");
        clock.turn(-1min);
        const auto notice = *db.outbox().reserve("first", 10min);
        clock.turn(std::chrono::hours{24 * 40});
        CHECK_FALSE(db.outbox().reserve("first", 10min));
        db.outbox().postpone(notice, 1min, "try later");
        clock.turn(-5h);
        CHECK(db.outbox().reserve("first", 10min));
    });
}

TEST_CASE("a letter that was sent or given up never goes out again") {
    each_database([](db::Database &db, FakeClock &clock) {
        leave_notice(db, "sent");
        leave_notice(db, "refused");
        db.outbox().sent(*db.outbox().reserve("sender", 60s));
        db.outbox().give_up(*db.outbox().reserve("sender", 60s), "no such mailbox");
        clock.advance(1h);
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
    });
}

TEST_CASE("a letter that was put off comes back after its delay") {
    each_database([](db::Database &db, FakeClock &clock) {
        leave_notice(db, "talk");
        db.outbox().postpone(*db.outbox().reserve("sender", 60s), 10min, "try later");
        clock.advance(9min);
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
        clock.advance(1min);
        CHECK(db.outbox().reserve("sender", 60s));
    });
}

TEST_CASE("a removed file sends no letter") {
    each_database([](db::Database &db, FakeClock &) {
        leave_notice(db, "talk");
        db.files().remove(db.users().find("anna@example.org")->id, "talk");
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
    });
}

TEST_CASE("a notice tells whom it is for, what it is about and how it goes") {
    each_database([](db::Database &db, FakeClock &clock) {
        leave_notice(db, "talk");
        const auto anna = db.users().find("anna@example.org")->id;
        const auto in_time = clock.now() + 30min;
        db.outbox().leave({.user = anna,
                           .kind = notify::Kind::reset_password,
                           .channel = "pigeon",
                           .secret = "k3v9",
                           .useful_until = in_time});
        const auto ended = *db.outbox().reserve("sender", 60s);
        CHECK(ended.kind == notify::Kind::file_ended);
        CHECK(ended.channel == notify::mail);
        CHECK(ended.email == "anna@example.org");
        CHECK(ended.file->id == "talk");
        CHECK_FALSE(ended.useful_until);
        CHECK_FALSE(db.outbox().reserve("sender", 60s)); // by mail
        const auto reset = *db.outbox().reserve("sender", 60s, {.channel = "pigeon"});
        CHECK(reset.kind == notify::Kind::reset_password);
        CHECK(reset.channel == "pigeon");
        CHECK(reset.email == "anna@example.org");
        CHECK_FALSE(reset.file);
        CHECK(reset.secret == "k3v9");
        CHECK(reset.useful_until == in_time);
    });
}

TEST_CASE("what a notice carries is forgotten once it is sent or given up, and then not retried") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        const auto leave_code = [&] {
            db.outbox().leave({.user = anna, .kind = notify::Kind::verify_email, .secret = "k3v9"});
            return *db.outbox().reserve("sender", 60s);
        };
        db.outbox().sent(leave_code());
        const auto refused = leave_code();
        db.outbox().postpone(refused, 0s, "try later");
        CHECK(db.outbox().retry(refused.id)); // the code is still there
        CHECK(db.outbox().reserve("sender", 60s)->secret == "k3v9");
        db.outbox().give_up(refused, "no such mailbox");
        CHECK_FALSE(db.outbox().retry(refused.id));
        CHECK(db.outbox().list(100).at(0).kind == notify::Kind::verify_email);
    });
}

TEST_CASE("a removed account gets no letter") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        db.outbox().leave({.user = anna, .kind = notify::Kind::verify_email, .secret = "k3v9"});
        db.users().remove(anna);
        CHECK_FALSE(db.outbox().reserve("sender", 60s));
    });
}

TEST_CASE("notices that ended long enough ago are forgotten, and none that waits") {
    each_database([](db::Database &db, FakeClock &clock) {
        for (const char *id : {"sent", "refused", "waits"}) leave_notice(db, id);
        db.outbox().sent(*db.outbox().reserve("sender", 60s));
        db.outbox().give_up(*db.outbox().reserve("sender", 60s), "no such mailbox");
        const Time ended = clock.now();
        clock.advance(24h);
        CHECK(db.outbox().forget(ended) == 0);
        CHECK(db.outbox().forget(clock.now()) == 2);
        REQUIRE(db.outbox().list(10).size() == 1);
        CHECK(db.outbox().list(10)[0].file_id == "waits");
    });
}

TEST_CASE("what waits for other channels than those is given up, and says why") {
    each_database([](db::Database &db, FakeClock &) {
        leave_notice(db, "talk");
        const auto anna = db.users().find("anna@example.org")->id;
        db.outbox().leave({.user = anna, .channel = "pigeon", .file_id = "talk"});
        db.outbox().give_up_others({notify::mail}, "there is no such channel");
        const auto lines = db.outbox().list(10);
        REQUIRE(lines.size() == 2);
        CHECK_FALSE(lines[0].is_given_up);
        CHECK(lines[1].is_given_up);
        CHECK(lines[1].last_error == "there is no such channel");
    });
}
