#include "daemon/storage/s3/blob_store.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <set>

#include "common/error.hpp"
#include "tests/unit/support/s3_server.hpp"
#include "tests/unit/support/upload_row.hpp"

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

Fd file_with(const std::string &path, std::string_view bytes) {
    Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    write_all(file.get(), bytes, "file");
    return file;
}

std::string_view piece_of(const std::string &bytes, size_t first, size_t count) {
    return std::string_view{bytes}.substr(first, count);
}

} // namespace

TEST_CASE("each piece of an upload may come to another machine") {
    House house;
    UploadRow row{"talk.source"};
    const std::string bytes = recording(14 * mib);
    for (const size_t piece : {3 * mib, 3 * mib, 7 * mib, mib}) {
        House::Machine machine{house};
        UploadWriter{row, machine.blobs}.append(piece_of(bytes, row.progress.size, piece));
    }
    House::Machine machine{house};
    UploadWriter{row, machine.blobs}.commit();
    CHECK(house.content("talk.source") == bytes);
}

TEST_CASE("a machine that does not know that its line is dead spoils nothing") {
    House house;
    House::Machine late{house};
    UploadRow row{"talk.source"};
    const std::string bytes = recording(14 * mib);
    const std::string damaged(14 * mib, 'x');
    UploadWriter{row, house.blobs}.append(piece_of(bytes, 0, mib));
    UploadWriter stale{row, late.blobs};
    stale.write(piece_of(damaged, mib, 8 * mib)); // a part, and not told to the row
    UploadWriter{row, house.blobs}.append(piece_of(bytes, mib, 11 * mib));
    CHECK_THROWS_AS(stale.keep(), Error);
    UploadWriter{row, house.blobs}.append(piece_of(bytes, 12 * mib, 2 * mib));
    UploadWriter{row, house.blobs}.commit();
    CHECK(house.content("talk.source") == bytes);
}

TEST_CASE("of two machines that get different bytes for the same place one stores an upload") {
    House house;
    House::Machine other{house};
    for (const size_t piece : {mib, 4 * mib, 11 * mib}) { // of tails, of one part, of some
        CAPTURE(piece);
        UploadRow row{"talk" + std::to_string(piece) + ".source"};
        const std::string bytes = recording(22 * mib);
        const std::string damaged(22 * mib, 'x');
        UploadWriter{row, house.blobs}.append(piece_of(bytes, 0, mib));
        UploadWriter winner{row, house.blobs};
        UploadWriter loser{row, other.blobs};
        winner.write(piece_of(bytes, mib, piece));
        try {
            loser.write(piece_of(damaged, mib, piece));
        } catch (const Error &) {
            CHECK(piece > 5 * mib); // it was to store a part
        }
        winner.keep();
        CHECK_THROWS_AS(loser.keep(), Error);
        UploadWriter{row, other.blobs}.append(piece_of(bytes, mib + piece, 10 * mib));
        UploadWriter{row, house.blobs}.commit();
        CHECK(house.content(row.blob) == bytes.substr(0, 11 * mib + piece));
    }
}

TEST_CASE("a part that comes late, and with other bytes, is in no blob") {
    House house;
    UploadRow row{"talk.source"};
    UploadWriter{row, house.blobs}.append(recording(11 * mib));
    UploadWriter last{row, house.blobs};
    storage::s3::Client client{storage::s3::parse_location(house.url)};
    const auto location = client.location();
    const TempDir folder;
    const Fd damaged = file_with(folder / "damaged", std::string(5 * mib, 'x'));
    client.each_upload(location.prefix, [&](const storage::s3::Upload &upload) {
        client.put_part(upload.key, upload.id, 2, {damaged.get(), 0, 5 * mib});
    });
    CHECK_THROWS_AS(last.commit(), Error);
    CHECK_FALSE(house.blobs.open("talk.source"));
    CHECK_FALSE(house.blobs.can_resume("talk.source", row.progress));
    CHECK_THROWS_AS((UploadWriter{row, house.blobs}), Error);
}

TEST_CASE("what a process sent beyond what its row says is dropped when it died") {
    House house;
    UploadRow row{"talk.source"};
    const std::string bytes = recording(14 * mib);
    UploadWriter{row, house.blobs}.append(piece_of(bytes, 0, mib));
    UploadWriter{row, house.blobs}.write(std::string(12 * mib, 'x'));
    UploadWriter{row, house.blobs}.append(piece_of(bytes, mib, 13 * mib));
    UploadWriter{row, house.blobs}.commit();
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
