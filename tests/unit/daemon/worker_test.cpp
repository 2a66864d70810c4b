#include "daemon/worker.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "common/fd.hpp"
#include "common/sha256.hpp"
#include "daemon/db/open.hpp"
#include "daemon/storage/open.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

struct House {
    TempDir folder;
    system::SystemClock clock;
    std::unique_ptr<db::Database> rows = db::open_database("sqlite:", folder.path(), clock);
    std::unique_ptr<storage::BlobStore> blobs = storage::open_storage("file:", folder.path());
    sandbox::Launcher converter{0s};
    system::Bell work, letters;
    system::Bells changes;
    system::UserId anna = *rows->users().add("anna@example.org", "hash");

    Workers::Rooms rooms() { return {rows->jobs(), *blobs, converter, work, changes, letters}; }

    void add_file(const std::string &id, const std::string &bytes) {
        const auto draft = blobs->begin(id + ".source");
        draft->write(bytes);
        draft->commit();
        rows->jobs().enqueue({.id = id,
                              .owner = anna,
                              .name = id,
                              .options = {},
                              .bytes = bytes.size(),
                              .sha256 = "",
                              .source_blob = id + ".source"});
        work.ring();
    }

    FileObject finished(const std::string &id) {
        auto &bell = changes.of(id);
        while (true) {
            const auto seen = bell.count();
            auto file = rows->files().find(anna, id)->object;
            if (is_finished(file.state)) return file;
            bell.wait(seen, 10s);
        }
    }
};

/// One second of 8 kHz mono silence, 16 bits a sample.
std::string wav() {
    const std::string samples(16'000, '\0');
    std::string header{
        "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
        "data\x80\x3e\0\0",
        44};
    return header + samples;
}

} // namespace

TEST_CASE("a source that was queued becomes an MP3, and the source goes") {
    House house;
    Workers workers{house.rooms(), "one", 1, false};
    house.add_file("beep", wav());
    const auto file = house.finished("beep");
    REQUIRE(file.state == State::done);
    CHECK(file.mp3->duration_s == doctest::Approx(1.0));
    const auto mp3 = house.blobs->open(house.rows->files().find(house.anna, "beep")->mp3_blob);
    CHECK(storage::sha256_of(*mp3) == file.mp3->sha256);
    CHECK(mp3->size() == file.mp3->bytes);
    CHECK(house.letters.count() == 1);
    workers.drain();
}

TEST_CASE("what is not media fails at once and for good") {
    House house;
    const Workers workers{house.rooms(), "one", 1, false};
    house.add_file("text", "just a line of text\n");
    const auto file = house.finished("text");
    CHECK(file.state == State::failed);
    CHECK(file.error->code == "not_media");
    CHECK_FALSE(file.error->retryable);
    CHECK(house.rows->outbox().reserve("sender", 1s));
}

TEST_CASE("a job rests longer after each failure, up to ten minutes") {
    CHECK(retry_delay(1) == 10s);
    CHECK(retry_delay(2) == 20s);
    CHECK(retry_delay(7) == 10min);
    CHECK(retry_delay(1000) == 10min);
}
