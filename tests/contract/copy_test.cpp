#include <algorithm>
#include <doctest/doctest.h>
#include <map>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "daemon/db/tables.hpp"
#include "tests/contract/databases.hpp"
#include "tests/unit/support/postgres_server.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Rows in SQLite, and a database in PostgreSQL that is to become their copy.
struct Places {
    TempDir folder;
    FakeClock clock;
    std::unique_ptr<db::Database> from = db::open_database("sqlite:", folder.path(), clock);
    std::string url = PostgresServer::shared().url();
    std::unique_ptr<db::Database> to = db::open_database(url, folder.path(), clock);

    std::map<std::string, db::CopiedTable> copy() {
        to->table_writer().reserve_for("source");
        std::map<std::string, db::CopiedTable> done;
        for (const auto &table :
             to->table_writer().become_copy_of("source", from->table_reader())) {
            done[table.name] = table;
        }
        return done;
    }

    std::string refusal(const std::string &source = "source") {
        try {
            to->table_writer().is_copy_of(source);
            return {};
        } catch (const Error &e) {
            CHECK(e.code() == Errc::usage);
            return e.what();
        }
    }
};

system::UserId add_user(db::Database &rows, const std::string &name) {
    return *rows.users().add(name + "@example.org", "hash");
}

void enqueue(db::Database &rows, system::UserId owner, const std::string &id) {
    rows.jobs().enqueue({.id = id,
                         .owner = owner,
                         .name = "a\tb\\c\n.mp4",
                         .options = {},
                         .bytes = 7,
                         .sha256 = "abc",
                         .source_blob = id + ".source",
                         .idempotency_key = "key of " + id});
}

/// Rows that end by an act of somebody else.
class Interrupted final : public db::TableReader {
public:
    Interrupted(db::TableReader &rows, std::function<void()> act) :
        rows_{rows},
        act_{std::move(act)} {}

    std::vector<db::Table> tables() override { return rows_.tables(); }
    void each_row(const db::Table &table,
                  const std::function<void(const db::Cells &)> &use) override {
        rows_.each_row(table, [&](const db::Cells &row) {
            if (table.name == "files") act_();
            use(row);
        });
    }
    int64_t last_number(const db::Table &table) override { return rows_.last_number(table); }

private:
    db::TableReader &rows_;
    std::function<void()> act_;
};

bool has_name(const std::vector<db::Table> &tables, const std::string &name) {
    return std::ranges::any_of(tables, [&](const auto &table) { return table.name == name; });
}

} // namespace

TEST_CASE("both engines have the same tables, columns and keys, so every row can be copied") {
    Places places;
    const auto tables = places.from->table_reader().tables();
    for (const char *name : {"users", "sessions", "files", "outbox", "invites", "codes", "attempts",
                             "known_places", "webhooks", "switches"}) {
        CAPTURE(name);
        CHECK(has_name(tables, name));
    }
    CHECK(places.copy().size() == tables.size());
}

TEST_CASE("a column that only one engine has is an error that names it") {
    const std::vector<db::Table> one{{"users", {"id", "email"}, {"id"}}};
    const std::vector<db::Table> other{{"users", {"id", "email", "shoe_size"}, {"id"}}};
    CHECK_NOTHROW(db::require_same(one, one));
    CHECK_THROWS_WITH_AS(db::require_same(one, other), doctest::Contains("users.shoe_size"), Error);
    CHECK_THROWS_WITH_AS(db::require_same(other, one), doctest::Contains("users.shoe_size"), Error);
    CHECK_THROWS_WITH_AS(db::require_same(one, {}), doctest::Contains("table users"), Error);
}

TEST_CASE("a copy has what rows say, whatever is in it, and again only what differs is copied") {
    Places places;
    const auto anna = add_user(*places.from, "anna");
    const auto ben = add_user(*places.from, "ben");
    enqueue(*places.from, anna, "talk");
    enqueue(*places.from, ben, "song");
    places.from->webhooks().set(anna, {"https://example.org/", std::string{"\0\n\xff\\", 4}});
    places.from->jobs().bury(*places.from->jobs().reserve("worker", 60s),
                             {"not_media", "no", false});
    auto done = places.copy();
    CHECK(done["files"].added == 2);
    CHECK(done["outbox"].added == 2); // by mail, and to the webhook
    CHECK(places.to->files().find(anna, "talk")->object.name == "a\tb\\c\n.mp4");
    CHECK(places.to->files().find(anna, "talk")->object.state == State::failed);
    CHECK(places.to->webhooks().find(anna)->key == std::string{"\0\n\xff\\", 4});

    done = places.copy();
    for (const auto &[name, table] : done) {
        CAPTURE(name);
        CHECK(table.added + table.changed + table.removed == 0);
    }
    CHECK(done["files"].rows == 2);

    places.from->users().remove(anna);
    places.from->users().set_disabled(ben, true);
    // What was taken is free again, in the same run.
    const auto anew = add_user(*places.from, "anna");
    enqueue(*places.from, anew, "late");
    done = places.copy();
    CHECK(done["users"].removed == 1);
    CHECK(done["users"].added == 1);
    CHECK(done["users"].changed == 1);
    CHECK(done["files"].removed == 1);
    CHECK(done["files"].added == 1);
    CHECK(done["outbox"].removed == 2);
    CHECK(done["webhooks"].removed == 1);
    CHECK_FALSE(places.to->files().find(anna, "talk"));
    CHECK(places.to->users().find("ben@example.org")->disabled);
}

TEST_CASE("numbers go on behind all that were ever given, so no letter's is used twice") {
    Places places;
    const auto anna = add_user(*places.from, "anna");
    places.from->outbox().leave({.user = anna});
    places.from->outbox().leave({.user = anna});
    const auto ben = add_user(*places.from, "ben");
    places.from->outbox().leave({.user = ben});
    places.from->users().remove(ben);
    places.copy();
    places.to->move_in();
    CHECK(add_user(*places.to, "carl") > ben);
    places.to->outbox().leave({.user = anna});
    CHECK(places.to->outbox().list(10).back().id == 4);
    enqueue(*places.to, anna, "talk");
    CHECK(places.to->jobs().reserve("worker", 60s)->id == "talk");
}

TEST_CASE("a job that is being converted stays its worker's for as long as its lease runs") {
    Places places;
    const auto anna = add_user(*places.from, "anna");
    enqueue(*places.from, anna, "talk");
    const auto job = *places.from->jobs().reserve("worker", 60s);
    places.copy();
    CHECK_FALSE(places.to->jobs().reserve("other", 60s));
    CHECK(places.to->jobs().holds(job));
    CHECK(places.from->jobs().holds(job));
}

TEST_CASE("rows that belong to somebody else are refused") {
    Places places;
    add_user(*places.from, "anna");
    CHECK_FALSE(places.to->table_writer().is_copy_of("source"));
    places.copy();
    CHECK(places.to->table_writer().is_copy_of("source"));
    CHECK(places.refusal("other").find("another installation") != std::string::npos);
    add_user(*places.to, "ben");
    CHECK(places.refusal().find("rows of its own") != std::string::npos);
    CHECK_THROWS_AS(places.copy(), Error);
    CHECK(places.to->users().find("ben@example.org"));

    Places served;
    served.to->move_in(); // a daemon that has no users yet
    CHECK(served.refusal().find("served a daemon") != std::string::npos);
    Places moved;
    moved.copy();
    moved.to->move_in();
    CHECK(moved.refusal().find("served a daemon") != std::string::npos);
}

TEST_CASE("a copy that breaks off, or whose server dies, leaves the rows as they were") {
    Places places;
    const auto anna = add_user(*places.from, "anna");
    enqueue(*places.from, anna, "first");
    places.copy();
    places.from->files().remove(anna, "first");
    enqueue(*places.from, anna, "second");
    auto &server = PostgresServer::shared();

    Interrupted given_up{places.from->table_reader(), [] { throw Error{Errc::busy, "enough"}; }};
    CHECK_THROWS_WITH_AS(places.to->table_writer().become_copy_of("source", given_up), "enough",
                         Error);
    CHECK(places.to->files().find(anna, "first"));

    Interrupted killed{places.from->table_reader(), [&] { server.kill(); }};
    CHECK_THROWS_WITH_AS(places.to->table_writer().become_copy_of("source", killed),
                         doctest::Contains("database is not available"), Error);
    server.start();
    places.to = db::open_database(places.url, places.folder.path(), places.clock);
    CHECK(places.to->files().find(anna, "first"));
    CHECK_FALSE(places.to->files().find(anna, "second"));
    places.copy();
    CHECK(places.to->files().find(anna, "second"));
    CHECK_FALSE(places.to->files().find(anna, "first"));
}
