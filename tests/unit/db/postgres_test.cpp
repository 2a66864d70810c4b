#include <doctest/doctest.h>
#include <set>
#include <thread>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "daemon/db/postgres/connection.hpp"
#include "daemon/db/postgres/migrations.hpp"
#include "daemon/system/guarded.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/postgres_server.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;
using db::postgres::Connection;

namespace {

const FakeClock clock_at_rest;

std::unique_ptr<db::Database> open(const std::string &url) {
    return db::open_database(url, "/nowhere", clock_at_rest);
}

void add_files(db::Database &db, const std::string &user, int count) {
    const auto owner = *db.users().add(user + "@example.org", "hash");
    for (int i = 0; i < count; ++i) {
        const std::string id = user + std::to_string(i);
        db.jobs().enqueue({.id = id,
                           .owner = owner,
                           .name = id + ".mp4",
                           .options = {},
                           .bytes = 1,
                           .sha256 = "",
                           .source_blob = id + ".source"});
    }
}

/// Does it as soon as the server is there again. @throws what it throws after half a minute.
template <typename Act>
void in_time(Act &&act) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (true) {
        try {
            return act();
        } catch (const Error &e) {
            if (e.code() != Errc::busy || std::chrono::steady_clock::now() > end) throw;
        }
        std::this_thread::yield();
    }
}

} // namespace

TEST_CASE("rows in PostgreSQL can be had again once its server is, without a restart of ours") {
    auto &server = PostgresServer::shared();
    const auto db = open(server.url());
    add_files(*db, "anna", 1);
    const auto job = *db->jobs().reserve("worker", 60s);
    server.kill();
    CHECK_THROWS_WITH_AS(db->jobs().holds(job), doctest::Contains("database is not available"),
                         Error);
    CHECK_THROWS_AS(db->jobs().release(job, 0s, true), Error);
    server.start();
    in_time([&] { CHECK(db->jobs().holds(job)); });
}

TEST_CASE("daemons that start at the same time make one schema") {
    const auto url = PostgresServer::shared().url();
    {
        std::vector<std::jthread> daemons;
        for (int i = 0; i < 4; ++i) {
            daemons.emplace_back([&url] { CHECK_NOTHROW(open(url)); });
        }
    }
    CHECK(Connection{url}.execute("SELECT version FROM schema_version").front().integer(0) ==
          db::postgres::schema_version());
}

TEST_CASE("workers of several daemons take every job once, and none sees an empty queue early") {
    const auto url = PostgresServer::shared().url();
    const auto first = open(url);
    const auto second = open(url);
    for (const char *user : {"anna", "ben", "carl"}) add_files(*first, user, 20);
    system::Guarded<std::multiset<std::string>> taken;
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < 6; ++i) {
            workers.emplace_back([&, i] {
                auto &jobs = (i % 2 == 0 ? first : second)->jobs();
                const std::string name = "w" + std::to_string(i);
                for (int turn = 0; turn < 10; ++turn) {
                    const auto job = jobs.reserve(name, 60s);
                    CHECK(job);
                    if (job) taken.with([&](auto &ids) { ids.insert(job->id); });
                }
            });
        }
    }
    taken.with([](const auto &ids) {
        CHECK(ids.size() == 60);
        CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 60);
    });
    CHECK_FALSE(first->jobs().reserve("worker", 60s));
}

TEST_CASE("a job that is leased by a machine whose clock is ahead is not taken from it") {
    const auto url = PostgresServer::shared().url();
    FakeClock ahead;
    ahead.turn(30s);
    const auto first = db::open_database(url, "/nowhere", ahead);
    const auto second = open(url);
    add_files(*first, "anna", 1);
    REQUIRE(first->jobs().reserve("first", 60s));
    CHECK_FALSE(second->jobs().reserve("second", 60s));
}

TEST_CASE("a PostgreSQL database from a newer version is refused, and says so") {
    const auto url = PostgresServer::shared().url();
    open(url);
    Connection{url}.execute("UPDATE schema_version SET version = 999");
    CHECK_THROWS_WITH_AS(open(url), doctest::Contains("newer mp3convd"), Error);
}

TEST_CASE("what is no text is kept as one") {
    const auto db = open(PostgresServer::shared().url());
    add_files(*db, "anna", 1);
    const auto job = *db->jobs().reserve("worker", 60s);
    db->jobs().bury(job, {"internal", std::string{"a\0b\xff", 4}, true});
    CHECK(db->files().find(job.owner, job.id)->object.error->detail == "a?b?");
}

TEST_CASE("a database is shown without its password, and what is no URL is refused") {
    const auto shown = db::shown_database("postgresql://anna:s3cret@db.example.org:5433/mp3?"
                                          "password=other&sslmode=require");
    CHECK(shown == "postgresql://anna@db.example.org:5433/mp3");
    CHECK_THROWS_WITH_AS(open("postgresql://[x"), doctest::Contains("postgresql://USER@HOST"),
                         Error);
}

TEST_CASE("a bell that rings on one machine rings on the others, and once where it was rung") {
    const auto url = PostgresServer::shared().url();
    system::Bell here;
    system::Bell there;
    system::Bell other;
    const auto first = open(url);
    const auto second = open(url);
    const auto wire = first->join({{"work", here}});
    const auto other_wire = second->join({{"work", there}, {"changes", other}});
    for (auto *bell : {&here, &there, &other}) bell->wait(0, 30s); // they are joined
    const auto here_before = here.count();
    const auto there_before = there.count();
    const auto other_before = other.count();

    here.ring();
    there.wait(there_before, 30s);
    CHECK(there.count() == there_before + 1);
    there.ring();
    here.wait(here_before + 1, 30s);
    CHECK(here.count() == here_before + 2);
    CHECK(other.count() == other_before);
}

TEST_CASE("bells ring once the server is there again, for what was missed") {
    auto &server = PostgresServer::shared();
    system::Bell bell;
    const auto db = open(server.url());
    const auto wire = db->join({{"work", bell}});
    bell.wait(0, 30s);
    const auto before = bell.count();
    server.kill();
    server.start();
    bell.wait(before, 30s);
    CHECK(bell.count() > before);
}
