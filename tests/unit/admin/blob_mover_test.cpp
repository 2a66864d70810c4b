#include "daemon/admin/blob_mover.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "tests/unit/support/s3_server.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

constexpr uint64_t MB = 1'000'000;

Settings settings_of(const TempDir &folder, const std::string &storage) {
    Settings settings;
    settings.data_dir = folder.path();
    settings.storage = storage;
    return settings;
}

/// A house with one user, and what is sent to it.
struct Place {
    explicit Place(const std::string &storage) : house{settings_of(folder, storage)} {
        upload.file.id = "talk";
        upload.file.owner = *house.rows->users().add("anna@example.org", "hash");
        upload.file.source_blob = "talk.source";
        upload.expires_at = house.clock.now() + std::chrono::hours{1};
    }

    void begin(uint64_t length) {
        upload.length = length;
        house.rows->uploads().begin(upload);
    }

    void advance(uint64_t offset, const std::string &bookmark) {
        auto next = upload;
        next.offset = offset;
        next.bookmark = bookmark;
        REQUIRE(house.rows->uploads().advance(upload, next));
        upload = next;
    }

    std::unique_ptr<storage::LastingDraft> resume() {
        return house.blobs->resume(
            upload.file.source_blob, {upload.offset, upload.bookmark},
            [this](const std::string &bookmark) { advance(upload.offset, bookmark); });
    }

    void receive(std::string_view bytes) {
        const auto draft = resume();
        draft->write(bytes);
        advance(upload.offset + bytes.size(), draft->sync());
    }

    /// As when its rows become the copy of that place's.
    void take_row(const Place &from, const admin::BlobMover &mover) {
        house.rows->files().remove(upload.file.owner, upload.file.id);
        upload = from.upload;
        house.rows->uploads().begin(upload);
        mover.keep_bookmarks(*house.rows);
        upload = *house.rows->uploads().find(upload.file.owner, upload.file.id);
    }

    TempDir folder;
    admin::House house;
    queue::Upload upload;
};

/// One run: bytes, then the row.
admin::BlobMover::Figures move_all(Place &from, Place &to) {
    admin::BlobMover mover{from.house, to.house, true};
    admin::each_blob(from.house.rows->overview(), [&](const auto &named) { mover.move(named); });
    if (from.house.rows->uploads().find(from.upload.file.owner, "talk")->is_open) {
        to.take_row(from, mover);
    }
    return mover.figures();
}

std::string some_bytes(uint64_t size) {
    std::string bytes(size, '\0');
    uint32_t state = 1;
    for (char &byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return bytes;
}

} // namespace

TEST_CASE("an upload under way goes on at the new place, however often it is carried there") {
    for (const std::string &storage : {std::string{"file:"}, S3Server::shared().url()}) {
        CAPTURE(storage);
        Place from{"file:"};
        Place to{storage};
        const std::string bytes = some_bytes(12 * MB);
        from.begin(12 * MB);
        from.receive(std::string_view{bytes}.substr(0, 6 * MB));
        CHECK(move_all(from, to).copied_bytes == 6 * MB);
        from.receive(std::string_view{bytes}.substr(6 * MB, 5 * MB));
        CHECK(move_all(from, to).copied_bytes == 5 * MB);
        CHECK(move_all(from, to).copied == 0);

        const auto draft = to.resume();
        draft->write(std::string_view{bytes}.substr(11 * MB));
        draft->commit();
        const auto whole = to.house.blobs->open("talk.source");
        CHECK(whole->size() == 12 * MB);
        Sha256 sent;
        sent.update(bytes);
        CHECK(storage::sha256_of(*whole) == sent.finish());
    }
}

TEST_CASE("what was carried as an upload under way is a source once it has ended") {
    Place from{"file:"};
    Place to{S3Server::shared().url()};
    const std::string bytes = some_bytes(7 * MB);
    from.begin(7 * MB);
    from.receive(std::string_view{bytes}.substr(0, 6 * MB));
    move_all(from, to);
    from.receive(std::string_view{bytes}.substr(6 * MB));
    from.resume()->commit();
    from.house.rows->uploads().finish(from.upload,
                                      sha256_of(*from.house.blobs->open("talk.source")));
    const auto figures = move_all(from, to);
    CHECK(figures.copied_bytes == 1 * MB);
    CHECK(figures.damaged == 0);
    CHECK(to.house.blobs->open("talk.source")->size() == 7 * MB);
}

TEST_CASE("a part that an upload is to be joined from can be read at the new place") {
    Place from{"file:"};
    Place to{S3Server::shared().url()};
    from.upload.is_partial = true;
    from.begin(100);
    from.receive(some_bytes(100));
    move_all(from, to);
    REQUIRE(to.house.blobs->open("talk.source"));
    CHECK(to.house.blobs->open("talk.source")->size() == 100);
}

TEST_CASE("an upload under way that a storage does not let read is not passed over in silence") {
    Place from{S3Server::shared().url()};
    Place to{"file:"};
    from.begin(12 * MB);
    CHECK_NOTHROW(move_all(from, to)); // nothing was promised yet
    from.receive(some_bytes(6 * MB));
    CHECK_THROWS_WITH_AS(move_all(from, to), doctest::Contains("talk: an upload under way cannot"),
                         Error);
}

TEST_CASE("one place under two names is known for one") {
    Place one{"file:"};
    Place other{"file:"};
    Place same{"file:" + one.folder.path().string()};
    CHECK(admin::is_same_place(*one.house.blobs, *same.house.blobs));
    CHECK_FALSE(admin::is_same_place(*one.house.blobs, *other.house.blobs));
    bool is_empty = true;
    one.house.blobs->each_older_than({}, [&](const std::string &) { is_empty = false; });
    CHECK(is_empty);
}
