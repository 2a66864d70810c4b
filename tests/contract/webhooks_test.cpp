#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

const notify::Lane lane{.channel = notify::by_webhook, .is_one_a_user = true};

system::UserId add_user(db::Database &db, const std::string &name) {
    const auto user = *db.users().add(name + "@example.org", "hash");
    db.webhooks().set(user, {.url = "https://example.org/" + name, .key = "key"});
    return user;
}

/// Ends a file of that user, which leaves a letter and a message.
void leave_message(db::Database &db, system::UserId owner, const std::string &id) {
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

TEST_CASE("a webhook is found as it was set, the last one of each user") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        const std::string key{"k\0y", 3};
        db.webhooks().set(anna, {"https://example.org/new", key, clock.now()});
        const auto webhook = db.webhooks().find(anna);
        CHECK(webhook->url == "https://example.org/new");
        CHECK(webhook->key == key);
        CHECK(webhook->created_at == clock.now());
        CHECK(db.webhooks().find(add_user(db, "ben"))->url == "https://example.org/ben");
    });
}

TEST_CASE("whoever has a webhook gets a message about each file, and a letter besides") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        const auto ben = *db.users().add("ben@example.org", "hash");
        leave_message(db, anna, "talk");
        leave_message(db, ben, "song");
        const auto message = *db.outbox().reserve("sender", 60s, lane);
        CHECK(message.user == anna);
        CHECK(message.channel == notify::by_webhook);
        CHECK(message.file->id == "talk");
        CHECK_FALSE(db.outbox().reserve("sender", 60s, lane));
        CHECK(db.outbox().reserve("sender", 60s)->file->id == "talk");
        CHECK(db.outbox().reserve("sender", 60s)->file->id == "song");
    });
}

TEST_CASE("a user's webhook gets one message at a time, and nobody else waits for it") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = add_user(db, "anna");
        leave_message(db, anna, "talk");
        leave_message(db, anna, "song");
        const auto first = *db.outbox().reserve("first", 60s, lane);
        CHECK_FALSE(db.outbox().reserve("second", 60s, lane));
        leave_message(db, add_user(db, "ben"), "clip");
        CHECK(db.outbox().reserve("first", 60s, lane)->file->id == "clip");
        db.outbox().sent(first);
        const auto second = *db.outbox().reserve("first", 60s, lane);
        CHECK(second.file->id == "song");
        leave_message(db, anna, "film");
        db.outbox().postpone(second, 10min, "try later"); // the next need not wait for it
        CHECK(db.outbox().reserve("first", 60s, lane)->file->id == "film");
        clock.advance(61s); // the first one's lease runs out, as after a crash
        CHECK(db.outbox().reserve("second", 60s, lane));
    });
}

TEST_CASE("what waits for a webhook that is removed is forgotten, and no letter is") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        leave_message(db, anna, "talk");
        CHECK(db.outbox().size().waiting == 2);
        CHECK(db.webhooks().remove(anna));
        CHECK_FALSE(db.webhooks().remove(anna));
        CHECK_FALSE(db.webhooks().find(anna));
        CHECK(db.outbox().size().waiting == 1);
        CHECK(db.outbox().reserve("sender", 60s));
        leave_message(db, anna, "song");
        CHECK_FALSE(db.outbox().reserve("sender", 60s, lane));
    });
}

TEST_CASE("a removed account has no webhook, and hears nothing by it") {
    each_database([](db::Database &db, FakeClock &) {
        const auto anna = add_user(db, "anna");
        leave_message(db, anna, "talk");
        db.users().remove(anna);
        CHECK_FALSE(db.webhooks().find(anna));
        CHECK_FALSE(db.outbox().reserve("sender", 60s, lane));
    });
}
