#include <algorithm>
#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

TEST_CASE("an e-mail has one account") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = db.users().add("anna@example.org", "hash");
        REQUIRE(anna);
        CHECK_FALSE(db.users().add("anna@example.org", "other"));
        CHECK(db.users().find("anna@example.org")->password_hash == "hash");
        CHECK(db.users().find(*anna)->created_at == clock.now());
        CHECK_FALSE(db.users().find("ben@example.org"));
    });
}

TEST_CASE("accounts are listed by e-mail, and follow what the administrator does") {
    each_database([](db::Database &db, FakeClock &) {
        const auto ben = *db.users().add("ben@example.org", "hash");
        db.users().add("anna@example.org", "hash");
        db.users().set_password(ben, "new");
        db.users().set_disabled(ben, true);
        const auto users = db.users().list();
        REQUIRE(users.size() == 2);
        CHECK(users[0].email == "anna@example.org");
        CHECK(users[1].password_hash == "new");
        CHECK(users[1].disabled);
    });
}

TEST_CASE("all files of an owner go at once, and nobody else's") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        const auto ben = *db.users().add("ben@example.org", "hash");
        const auto add = [&](system::UserId owner, const std::string &id) {
            db.jobs().enqueue({.id = id,
                               .owner = owner,
                               .name = id + ".mp4",
                               .options = {},
                               .bytes = 1,
                               .sha256 = "",
                               .source_blob = id + ".source"});
        };
        add(anna, "talk");
        add(anna, "song");
        add(ben, "film");
        auto blobs = db.files().remove_all(anna);
        std::sort(blobs.begin(), blobs.end());
        CHECK(blobs == std::vector<std::string>{"song.source", "talk.source"});
        CHECK(db.files().usage(anna).files == 0);
        CHECK(db.files().find(ben, "film"));
        CHECK(db.files().remove_all(anna).empty());
    });
}

TEST_CASE("a session ends by logout, by its time, and with its account") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        const auto begin = [&](const std::string &id) {
            db.sessions().begin({id, anna, clock.now() + 1h});
            REQUIRE(db.sessions().user_of(id) == anna);
        };
        CHECK_FALSE(db.sessions().user_of("never"));

        begin("logged-out");
        db.sessions().end("logged-out");
        CHECK_FALSE(db.sessions().user_of("logged-out"));
        CHECK_FALSE(db.sessions().is_allowed("logged-out"));

        begin("old");
        clock.advance(1h);
        CHECK_FALSE(db.sessions().user_of("old"));
        CHECK(db.sessions().is_allowed("old")); // for what was begun in time
        db.sessions().sweep();

        begin("disabled");
        db.users().set_disabled(anna, true);
        CHECK_FALSE(db.sessions().user_of("disabled"));
        CHECK_FALSE(db.sessions().is_allowed("disabled"));
        db.users().set_disabled(anna, false);

        begin("one");
        begin("two");
        db.sessions().end_all(anna);
        CHECK_FALSE(db.sessions().user_of("one"));
        CHECK_FALSE(db.sessions().user_of("two"));

        begin("removed");
        db.users().remove(anna);
        CHECK_FALSE(db.sessions().user_of("removed"));
    });
}
