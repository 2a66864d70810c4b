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
