#include "daemon/db/sqlite/migrations.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

TEST_CASE("a database survives being opened again") {
    const TempDir folder;
    const FakeClock clock;
    db::open_database("sqlite:", folder.path(), clock)->users().add("anna@example.org", "hash");
    CHECK(db::open_database("sqlite:", folder.path(), clock)->users().find("anna@example.org"));

    struct stat status {};
    REQUIRE(::stat((folder.path() / "mp3conv.db").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("letters of an older version go out under the numbers that they have") {
    const TempDir folder;
    FakeClock clock;
    const auto file = (folder.path() / "mp3conv.db").string();
    {
        SQLite::Database old{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        db::sqlite::migrate(old, 8);
        old.exec("INSERT INTO users (email, password_hash, created_at) VALUES ('anna@example.org', "
                 "'hash', 0);"
                 "INSERT INTO files (id, owner, name, options, state, created_at, source_bytes, "
                 "source_sha256, due_at) VALUES ('talk', 1, 'talk.mp4', '{}', 'failed', 0, 1, '', "
                 "0);"
                 "INSERT INTO outbox (id, file_id, due_at, attempt) VALUES (7, 'talk', 0, 3);"
                 "INSERT INTO outbox (id, file_id, due_at) VALUES (9, 'talk', 0);"
                 "DELETE FROM outbox WHERE id = 9");
    }
    const auto rows = db::open_database("sqlite:", folder.path(), clock);
    const auto notice = *rows->outbox().reserve("sender", std::chrono::minutes{1});
    CHECK(notice.id == 7);
    CHECK(notice.attempt == 4);
    CHECK(notice.kind == notify::Kind::file_ended);
    CHECK(notice.channel == notify::mail);
    CHECK(notice.email == "anna@example.org");
    CHECK(notice.file->id == "talk");
    rows->outbox().leave({.user = rows->users().find("anna@example.org")->id});
    CHECK(rows->outbox().list(100).back().id == 10); // no number is used twice
}

TEST_CASE("a database from a newer version is refused, and says so") {
    const TempDir folder;
    const FakeClock clock;
    db::open_database("sqlite:", folder.path(), clock);
    {
        SQLite::Database raw{(folder.path() / "mp3conv.db").string(), SQLite::OPEN_READWRITE};
        raw.exec("PRAGMA user_version = 999");
    }
    CHECK_THROWS_WITH_AS(db::open_database("sqlite:", folder.path(), clock),
                         doctest::Contains("newer mp3convd"), Error);
}

TEST_CASE("a database of an unknown kind is refused, and says what is known") {
    const FakeClock clock;
    CHECK_THROWS_WITH_AS(db::open_database("mysql://x", "/nowhere", clock),
                         doctest::Contains("sqlite:"), Error);
}
