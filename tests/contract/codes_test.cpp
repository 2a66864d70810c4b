#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

const std::string anna = "anna@example.org";

auth::NewCode code(const FakeClock &clock, const std::string &text, int letters = 3) {
    return {anna, text, "hash of " + text, clock.now() + 30min, {letters, 24h}};
}

/// @return the code in the letter that is due; empty where there is none.
std::string next_code(db::Database &db) {
    const auto notice = db.outbox().reserve("sender", 60s);
    if (!notice) return {};
    db.outbox().sent(*notice);
    return notice->secret;
}

} // namespace

TEST_CASE("an account is verified by the code that its letter carries, once") {
    each_database([](db::Database &db, FakeClock &clock) {
        CHECK(db.codes().register_unverified(code(clock, "first"), "hash") ==
              auth::Waiting::code_sent);
        CHECK_FALSE(db.users().find(anna)->verified);
        const auto notice = *db.outbox().reserve("sender", 60s);
        CHECK(notice.kind == notify::Kind::verify_email);
        CHECK(notice.email == anna);
        CHECK(notice.secret == "first");
        CHECK_FALSE(db.codes().verify(anna, "hash of another"));
        CHECK_FALSE(db.codes().verify("ben@example.org", "hash of first"));
        CHECK(db.codes().verify(anna, "hash of first"));
        CHECK(db.users().find(anna)->verified);
        CHECK_FALSE(db.codes().verify(anna, "hash of first"));
        CHECK(db.codes().register_unverified(code(clock, "second"), "other") ==
              auth::Waiting::email_taken);
        CHECK(db.users().find(anna)->password_hash == "hash");
    });
}

TEST_CASE("who registers again gets a new letter, and what was before it is void") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.codes().register_unverified(code(clock, "first"), "hash");
        db.codes().register_unverified(code(clock, "second"), "other");
        CHECK(db.users().find(anna)->password_hash == "other");
        CHECK_FALSE(db.codes().verify(anna, "hash of first"));
        CHECK(next_code(db) == "second"); // the first was not out yet
        CHECK(next_code(db).empty());
        CHECK(db.codes().verify(anna, "hash of second"));
    });
}

TEST_CASE("an address gets no more letters than it may, and the last code and password stay good") {
    each_database([](db::Database &db, FakeClock &clock) {
        for (const char *text : {"first", "second"}) {
            CHECK(db.codes().register_unverified(code(clock, text, 2), text) ==
                  auth::Waiting::code_sent);
            next_code(db);
        }
        CHECK(db.codes().register_unverified(code(clock, "third", 2), "third") ==
              auth::Waiting::too_many_letters);
        CHECK(next_code(db).empty());
        CHECK(db.users().find(anna)->password_hash == "second");
        // Nor does it help to begin anew.
        db.users().remove(db.users().find(anna)->id);
        CHECK(db.codes().register_unverified(code(clock, "fourth", 2), "fourth") ==
              auth::Waiting::too_many_letters);
        clock.advance(24h);
        CHECK(db.codes().register_unverified(code(clock, "fifth", 2), "fifth") ==
              auth::Waiting::code_sent);
        CHECK(next_code(db) == "fifth");
    });
}

TEST_CASE("a code is good for its time") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.codes().register_unverified(code(clock, "first"), "hash");
        clock.advance(30min);
        CHECK_FALSE(db.codes().verify(anna, "hash of first"));
    });
}

TEST_CASE("a new password ends all sessions, those with a name too") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto user = *db.users().add(anna, "hash");
        db.sessions().begin({"login", user, clock.now() + 1h});
        db.sessions().begin({"token", user, clock.now() + 1h, "cron"});
        db.codes().begin_reset(code(clock, "first"));
        CHECK(db.sessions().user_of("login")); // nobody knows who asked
        CHECK(next_code(db) == "first");
        CHECK_FALSE(db.codes().reset(anna, "hash of another", "stolen"));
        CHECK_FALSE(db.codes().verify(anna, "hash of first")); // good for something else
        CHECK(db.codes().reset(anna, "hash of first", "new"));
        CHECK(db.users().find(anna)->password_hash == "new");
        CHECK_FALSE(db.sessions().user_of("login"));
        CHECK_FALSE(db.sessions().user_of("token"));
        CHECK_FALSE(db.codes().reset(anna, "hash of first", "again"));
    });
}

TEST_CASE("no letter about a password goes where nobody may log in") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.codes().begin_reset(code(clock, "nobody"));
        CHECK(next_code(db).empty());
        CHECK_FALSE(db.codes().reset(anna, "hash of nobody", "new"));

        db.codes().register_unverified(code(clock, "verify"), "hash");
        CHECK(next_code(db) == "verify");
        db.codes().begin_reset(code(clock, "reset"));
        CHECK(next_code(db).empty());

        const auto user = db.users().find(anna)->id;
        db.users().set_verified(user);
        db.users().set_disabled(user, true);
        db.codes().begin_reset(code(clock, "again"));
        CHECK(next_code(db).empty());
        CHECK_FALSE(db.codes().reset(anna, "hash of again", "new"));
    });
}

TEST_CASE("an account that nobody verified is forgotten, and only that") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.codes().register_unverified(code(clock, "first"), "hash");
        db.users().add("ben@example.org", "hash");
        db.codes().sweep(clock.now());
        CHECK(db.users().find(anna));
        clock.advance(1h);
        db.codes().sweep(clock.now());
        CHECK_FALSE(db.users().find(anna));
        CHECK(db.users().find("ben@example.org"));
    });
}

TEST_CASE("an administrator's account takes the place of one that waits to be verified") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.codes().register_unverified(code(clock, "first"), "hash");
        CHECK(db.users().add(anna, "by hand"));
        CHECK(db.users().find(anna)->verified);
        CHECK(db.users().find(anna)->password_hash == "by hand");
        CHECK(next_code(db).empty());
        CHECK_FALSE(db.users().add(anna, "again"));
    });
}
