#include "daemon/storage/s3/blob_store.hpp"

#include <doctest/doctest.h>
#include <set>

#include "common/error.hpp"
#include "tests/unit/support/s3_server.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;
using storage::s3::S3BlobStore;

namespace {

constexpr size_t mib = 1 << 20;

struct House {
    TempDir scratch;
    std::string url = S3Server::shared().url();
    S3BlobStore blobs{url, scratch.path()};

    /// Another machine, with a disk of its own.
    struct Machine {
        explicit Machine(const House &house) : blobs{house.url, scratch.path()} {}
        TempDir scratch;
        S3BlobStore blobs;
    };

    std::set<std::string> names() {
        std::set<std::string> names;
        blobs.each_older_than(0s, [&](const std::string &name) { names.insert(name); });
        return names;
    }

    std::string content(const std::string &name) {
        const auto blob = blobs.open(name);
        REQUIRE(blob);
        std::string text;
        blob->read(0, blob->size(), [&](std::string_view bytes) {
            text += bytes;
            return true;
        });
        return text;
    }
};

/// @return bytes of a recording, of which no two pieces are alike.
std::string recording(size_t size) {
    std::string bytes(size, '\0');
    uint32_t state = 1;
    for (auto &byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return bytes;
}

/// As a daemon does between two commits of its row: `size` more bytes are durable.
void send(storage::LastingDraft &draft, const std::string &bytes, size_t first, size_t count) {
    draft.write(std::string_view{bytes}.substr(first, count));
    draft.sync();
}

} // namespace

TEST_CASE("each piece of an upload may come to another machine") {
    House house;
    const std::string bytes = recording(14 * mib);
    size_t size = 0;
    for (const size_t piece : {3 * mib, 3 * mib, 7 * mib, mib}) {
        House::Machine machine{house};
        send(*machine.blobs.resume("talk.source", size), bytes, size, piece);
        size += piece;
    }
    House::Machine{house}.blobs.resume("talk.source", size)->commit();
    CHECK(house.content("talk.source") == bytes);
}

TEST_CASE("a machine that does not know that its line is dead spoils nothing") {
    House house;
    House::Machine late{house};
    const std::string bytes = recording(14 * mib);
    send(*house.blobs.resume("talk.source", 0), bytes, 0, mib);
    const auto stale = late.blobs.resume("talk.source", mib);
    stale->write(std::string_view{bytes}.substr(mib, 8 * mib)); // a part, and not told to the row
    send(*house.blobs.resume("talk.source", mib), bytes, mib, 11 * mib);
    stale->sync();
    const auto last = house.blobs.resume("talk.source", 12 * mib);
    send(*last, bytes, 12 * mib, 2 * mib);
    house.blobs.resume("talk.source", 14 * mib)->commit();
    CHECK(house.content("talk.source") == bytes);
}

TEST_CASE("what a process sent beyond what its row says is dropped when it died") {
    House house;
    const std::string bytes = recording(14 * mib);
    send(*house.blobs.resume("talk.source", 0), bytes, 0, mib);
    house.blobs.resume("talk.source", mib)->write(std::string_view{bytes}.substr(mib, 12 * mib));
    send(*house.blobs.resume("talk.source", mib), bytes, mib, 13 * mib);
    house.blobs.resume("talk.source", 14 * mib)->commit();
    CHECK(house.content("talk.source") == bytes);
    house.blobs.remove("talk.source");
    CHECK(house.names().empty());
}

TEST_CASE("a blob beyond 64 MiB comes in parts, and leaves none where it breaks off") {
    House house;
    const std::string bytes = recording(mib);
    const auto write = [&](storage::Draft &draft) {
        for (int i = 0; i < 66; ++i) draft.write(bytes);
    };
    {
        const auto draft = house.blobs.begin("broken.source");
        write(*draft);
        CHECK(house.names() == std::set<std::string>{"broken.source"});
    }
    CHECK(house.names().empty());
    const auto draft = house.blobs.begin("large.source");
    write(*draft);
    draft->commit();
    CHECK(house.blobs.open("large.source")->size() == 66 * mib);
    std::string middle;
    house.blobs.open("large.source")->read(64 * mib - 2, 4, [&](std::string_view piece) {
        middle += piece;
        return true;
    });
    CHECK(middle == bytes.substr(mib - 2) + bytes.substr(0, 2));
}

TEST_CASE("parts that a dead process left are no orphans while they are young") {
    House house;
    const auto draft = house.blobs.begin("talk.source");
    const std::string bytes(66 * mib, 'x');
    draft->write(bytes);
    house.blobs.each_older_than(1h, [](const std::string &) { FAIL("it is young"); });
    house.blobs.remove("talk.source"); // as the sweep does once it is old
    CHECK(house.names().empty());
    CHECK_THROWS_AS(draft->commit(), Error);
}

TEST_CASE("nothing of what is on its way lies in the scratch folder under a name") {
    House house;
    const auto draft = house.blobs.begin("talk.source");
    draft->write("hello");
    const auto file = house.blobs.begin_file("talk.mp3");
    CHECK(std::filesystem::is_empty(house.scratch.path()));
}
