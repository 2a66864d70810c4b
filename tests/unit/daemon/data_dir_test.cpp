#include "daemon/data_dir.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;

TEST_CASE("a data folder is held by one process, and who asks is told which") {
    const test::TempDir folder;
    const std::filesystem::path path = folder / "data";
    {
        const DataDir held{path};
        CHECK_THROWS_WITH_AS(DataDir{path}, doctest::Contains(std::to_string(::getpid()).c_str()),
                             Error);
    }
    CHECK_NOTHROW(DataDir{path}); // whoever held it has gone
}

TEST_CASE("the data folder is for its owner's eyes only") {
    const test::TempDir folder;
    const DataDir held{folder / "data"};
    struct stat status {};
    REQUIRE(::stat((folder / "data").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("what a process was writing when it died does not stay") {
    const test::TempDir folder;
    std::filesystem::create_directories(folder / "data/outbox");
    const auto leave = [&](const std::string &name) { std::ofstream{folder / name} << "half"; };
    leave("data/.instance.x7Gk2a.part");
    leave("data/outbox/.talk.1.eml.x7Gk2a.part");
    leave("data/outbox/talk.1.eml");
    const DataDir held{folder / "data"};
    CHECK_FALSE(std::filesystem::exists(folder / "data/.instance.x7Gk2a.part"));
    CHECK_FALSE(std::filesystem::exists(folder / "data/outbox/.talk.1.eml.x7Gk2a.part"));
    CHECK(std::filesystem::exists(folder / "data/outbox/talk.1.eml"));
}

TEST_CASE("where the daemon listens can be asked while it runs, and only then") {
    const test::TempDir folder;
    CHECK(announced_url(folder / "data").empty());
    {
        DataDir held{folder / "data"};
        CHECK(announced_url(folder / "data").empty());
        held.announce("http://127.0.0.1:4711");
        CHECK(announced_url(folder / "data") == "http://127.0.0.1:4711");
    }
    CHECK(announced_url(folder / "data").empty());
}
