#include "daemon/sweeper.hpp"

#include <doctest/doctest.h>
#include <fstream>

#include "daemon/db/open.hpp"
#include "daemon/storage/open.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

struct House {
    TempDir folder;
    FakeClock clock;
    std::unique_ptr<db::Database> rows = db::open_database("sqlite:", folder.path(), clock);
    std::unique_ptr<storage::BlobStore> blobs = storage::open_storage("file:", folder.path());
    Sweeper sweeper{{rows->files(), rows->uploads(), rows->sessions(), rows->attempts(),
                     rows->codes(), rows->invites(), rows->outbox(), *blobs, clock},
                    {.mp3 = 24h, .source = 0s, .history = 240h}};
    system::UserId anna = *rows->users().add("anna@example.org", "hash");

    void add_file(const std::string &id) {
        blobs->begin(id + ".source")->commit();
        rows->jobs().enqueue({.id = id,
                              .owner = anna,
                              .name = id,
                              .options = {},
                              .bytes = 1,
                              .sha256 = "",
                              .source_blob = id + ".source"});
    }

    void convert(const std::string &id) {
        const auto job = *rows->jobs().reserve("worker", 60s);
        blobs->begin(id + ".mp3.1")->commit();
        rows->jobs().complete(job, {.source = {}, .mp3 = {}, .mp3_blob = id + ".mp3.1"});
    }
};

} // namespace

TEST_CASE("bytes that a crash left without a row are swept, and no others") {
    House house;
    house.add_file("talk");
    house.blobs->begin("orphan.source")->commit();
    house.sweeper.sweep_orphans(1h); // it may still get its row
    CHECK(house.blobs->open("orphan.source"));
    house.sweeper.sweep_orphans(0s);
    CHECK_FALSE(house.blobs->open("orphan.source"));
    CHECK(house.blobs->open("talk.source"));
}

TEST_CASE("an MP3 is kept for its time, then its bytes go and its row stays") {
    House house;
    house.add_file("talk");
    house.convert("talk");
    house.clock.advance(23h);
    house.sweeper.sweep_expired();
    CHECK(house.blobs->open("talk.mp3.1"));
    house.clock.advance(2h);
    house.sweeper.sweep_expired();
    CHECK_FALSE(house.blobs->open("talk.mp3.1"));
    CHECK(house.rows->files().find(house.anna, "talk")->object.state == State::expired);
}

TEST_CASE("nothing expires under a clock that is wrong for a while") {
    House house;
    house.add_file("talk");
    house.convert("talk");
    house.blobs->begin("orphan.source")->commit();
    const auto much = std::chrono::hours{24 * 40};
    house.clock.turn(much);
    house.sweeper.sweep_expired();
    house.sweeper.sweep_orphans(0s);
    house.clock.turn(-much);
    house.clock.advance(59min);
    house.sweeper.sweep_expired();
    CHECK(house.blobs->open("talk.mp3.1"));
    CHECK(house.blobs->open("orphan.source"));
}

TEST_CASE("an hour after the clock was set, what is past its time goes") {
    House house;
    house.add_file("talk");
    house.convert("talk");
    house.clock.turn(std::chrono::hours{24 * 40});
    house.sweeper.sweep_expired();
    house.clock.advance(1h);
    house.sweeper.sweep_expired();
    CHECK_FALSE(house.blobs->open("talk.mp3.1"));
}

TEST_CASE("a draft that could not be removed is swept") {
    House house;
    std::ofstream{house.folder / "drafts/talk.source.abcdef"} << "half";
    house.sweeper.sweep_orphans(1h); // somebody may be writing to it
    CHECK(std::filesystem::exists(house.folder / "drafts/talk.source.abcdef"));
    house.sweeper.sweep_orphans(0s);
    CHECK_FALSE(std::filesystem::exists(house.folder / "drafts/talk.source.abcdef"));
}

TEST_CASE("the source of a cancelled file is kept for a day, to be tried again") {
    House house;
    house.add_file("talk");
    house.rows->files().cancel(house.anna, "talk");
    house.clock.advance(23h);
    house.sweeper.sweep_expired();
    CHECK(house.blobs->open("talk.source"));
    house.clock.advance(2h);
    house.sweeper.sweep_expired();
    CHECK_FALSE(house.blobs->open("talk.source"));
}

TEST_CASE("much that is past its time goes in small steps, and none of it is left") {
    House house;
    for (int i = 0; i < 250; ++i) {
        house.add_file("talk" + std::to_string(i));
        house.convert("talk" + std::to_string(i));
    }
    house.clock.advance(25h);
    CHECK(house.sweeper.sweep_expired() == 100);
    CHECK(house.sweeper.sweep_expired() == 100);
    CHECK(house.sweeper.sweep_expired() == 50);
    CHECK(house.sweeper.sweep_expired() == 0);
}

TEST_CASE("what ended is listed until its history is over, in small steps") {
    House house;
    house.rows->invites().create("hash", "", house.clock.now() + 1h);
    for (int i = 0; i < 150; ++i) {
        house.add_file("talk" + std::to_string(i));
        house.convert("talk" + std::to_string(i));
        house.rows->outbox().sent(*house.rows->outbox().reserve("sender", 60s));
    }
    house.clock.advance(240h);
    while (house.sweeper.sweep_expired() > 0) {
    }
    CHECK(house.sweeper.sweep_history() == 0);
    CHECK(house.rows->files().find(house.anna, "talk0")->object.state == State::expired);
    house.clock.advance(1h + 1ms);
    CHECK(house.sweeper.sweep_history() == 100 + 50 + 1); // files, the others' notices, the invite
    CHECK(house.sweeper.sweep_history() == 50);
    CHECK(house.sweeper.sweep_history() == 0);
    CHECK(house.rows->files().usage(house.anna).files == 0);
    CHECK(house.rows->invites().list().empty());
}

TEST_CASE("a file whose MP3 is kept for longer than its history stays") {
    House house;
    house.add_file("talk");
    house.convert("talk");
    house.clock.advance(241h);
    house.sweeper.sweep_history();
    CHECK(house.rows->files().find(house.anna, "talk")->object.state == State::done);
}

TEST_CASE("no history is over under a clock that is wrong for a while") {
    House house;
    house.rows->invites().create("hash", "", house.clock.now() + 1h);
    house.clock.turn(std::chrono::hours{24 * 400});
    CHECK(house.sweeper.sweep_history() == 0);
    house.clock.turn(std::chrono::hours{-24 * 400});
    CHECK(house.rows->invites().list().size() == 1);
}
