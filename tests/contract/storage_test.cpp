#include <doctest/doctest.h>
#include <functional>
#include <unistd.h>
#include <vector>

#include "common/sha256.hpp"
#include "daemon/storage/open.hpp"
#include "tests/unit/support/s3_server.hpp"
#include "tests/unit/support/temp_dir.hpp"
#include "tests/unit/support/upload_row.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Runs a test over an empty store of each kind there is; `reopen` opens it once more.
using Reopen = std::function<std::unique_ptr<storage::BlobStore>()>;

void each_storage(const std::function<void(storage::BlobStore &, const Reopen &)> &test) {
    for (const std::string &url : {std::string{"file:"}, S3Server::shared().url()}) {
        CAPTURE(url);
        const TempDir folder;
        const Reopen open = [&] { return storage::open_storage(url, folder.path()); };
        test(*open(), open);
    }
}

std::vector<std::string> names(storage::BlobStore &blobs) {
    std::vector<std::string> names;
    blobs.each_older_than(0s, [&](const std::string &name) { names.push_back(name); });
    return names;
}

/// @return the bytes from `first` on.
std::string content(const std::unique_ptr<storage::Blob> &blob, uint64_t first = 0) {
    REQUIRE(blob);
    std::string text;
    blob->read(first, blob->size() - first, [&](std::string_view bytes) {
        text += bytes;
        return true;
    });
    return text;
}

void store(storage::BlobStore &blobs, const std::string &name, std::string_view bytes) {
    const auto draft = blobs.begin(name);
    draft->write(bytes);
    draft->commit();
}

} // namespace

TEST_CASE("what was committed is there, whole, also for the next process") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        const auto draft = blobs.begin("talk.source");
        draft->write("hello ");
        draft->write("world");
        CHECK_FALSE(blobs.open("talk.source")); // nobody sees half a blob
        draft->commit();
        CHECK(content(blobs.open("talk.source")) == "hello world");
        CHECK(content(reopen()->open("talk.source")) == "hello world");
        CHECK(names(blobs) == std::vector<std::string>{"talk.source"});
    });
}

TEST_CASE("a large blob arrives as it was sent") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        Sha256 sent;
        const auto draft = blobs.begin("large.source");
        for (size_t size = 1; size < 3'000'000; size = size * 3 + 7) {
            const std::string piece(size, static_cast<char>('a' + size % 26));
            sent.update(piece);
            draft->write(piece);
        }
        draft->commit();
        CHECK(storage::sha256_of(*blobs.open("large.source")) == sent.finish());
    });
}

TEST_CASE("a part of a blob is read as it is asked for, and no more than is wanted") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        store(blobs, "talk.source", "hello world");
        const auto blob = blobs.open("talk.source");
        CHECK(blob->size() == 11);
        std::string part;
        const auto take = [&](std::string_view bytes) {
            part += bytes;
            return part.size() < 4;
        };
        CHECK(blob->read(6, 3, take));
        CHECK(part == "wor");
        CHECK_FALSE(blob->read(0, 11, take));
        CHECK_THROWS(blob->read(6, 6, [](std::string_view) { return true; }));
    });
}

TEST_CASE("a blob is to be had as a local file, whole or in parts") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        store(blobs, "talk.source", "hello world");
        const auto part = blobs.open("talk.source")->local_copy();
        part->fetch({{10, 1}, {2, 3}}, [] {});
        CHECK(file_size(part->fd(), "part") == 11);
        std::string read(11, '\0');
        CHECK(::pread(part->fd(), read.data(), read.size(), 0) == 11);
        CHECK(read.substr(2, 3) == "llo");
        CHECK(read.back() == 'd');
        const auto whole = storage::whole_copy(*blobs.open("talk.source"));
        CHECK(sha256_of_file(whole->fd()) == storage::sha256_of(*blobs.open("talk.source")));
    });
}

TEST_CASE("a local copy of bytes that went meanwhile is refused, not zeros") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        store(blobs, "talk.source", std::string(9 << 20, 'a'));
        const auto blob = blobs.open("talk.source");
        const auto copy = blob->local_copy();
        if (copy->is_whole()) return;
        blobs.remove("talk.source");
        CHECK_THROWS_AS(copy->fetch({{0, blob->size()}}, [] {}), Error);
    });
}

TEST_CASE("a file that was written anywhere arrives as it is") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        const auto draft = blobs.begin_file("talk.mp3");
        CHECK(::pwrite(draft->fd(), "world", 5, 6) == 5);
        CHECK(::pwrite(draft->fd(), "hello ", 6, 0) == 6);
        CHECK_FALSE(blobs.open("talk.mp3"));
        draft->commit();
        CHECK(content(blobs.open("talk.mp3")) == "hello world");
        blobs.begin_file("gone.mp3");
        CHECK(names(blobs) == std::vector<std::string>{"talk.mp3"});
    });
}

TEST_CASE("a draft that was never committed leaves nothing behind") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        blobs.begin("talk.source")->write("half");
        CHECK_FALSE(blobs.open("talk.source"));
        CHECK(names(blobs).empty());
    });
}

TEST_CASE("drafts of a process that died are gone at the next start") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        const auto draft = blobs.begin("talk.source"); // as if it were never destroyed
        draft->write("half");
        const auto next = reopen();
        next->remove_drafts();
        CHECK(names(*next).empty());
        CHECK_FALSE(next->open("talk.source"));
    });
}

TEST_CASE("who looks at a storage beside its process spoils no draft") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        const auto draft = blobs.begin("talk.source");
        draft->write("whole");
        CHECK_FALSE(reopen()->open("talk.source"));
        draft->commit();
        CHECK(content(blobs.open("talk.source")) == "whole");
    });
}

TEST_CASE("adopted bytes are there after their first name is gone, shared or not") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        store(blobs, "first.source", "bytes");
        const auto bytes = blobs.open("first.source");
        blobs.adopt("shared.source", *bytes, true);
        blobs.adopt("copied.source", *bytes, false);
        blobs.remove("first.source");
        CHECK(content(blobs.open("shared.source")) == "bytes");
        CHECK(content(blobs.open("copied.source")) == "bytes");
    });
}

TEST_CASE("local bytes can be adopted once they have no name any more") {
    const TempDir folder;
    const auto blobs = storage::open_storage("file:", folder.path());
    store(*blobs, "first.source", "bytes");
    const auto bytes = blobs->open("first.source");
    blobs->remove("first.source");
    blobs->adopt("again.source", *bytes, true);
    CHECK(content(blobs->open("again.source")) == "bytes");
}

TEST_CASE("a draft that stays goes on where it was, also for the next process") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        UploadRow row{"talk.source"};
        {
            UploadWriter writer{row, blobs};
            writer.append("first ");
            writer.write("lost");
        }
        const auto next = reopen();
        CHECK(next->can_resume("talk.source", row.progress));
        UploadWriter writer{row, *next};
        writer.write("second");
        writer.commit();
        CHECK(content(next->open("talk.source")) == "first second");
    });
}

TEST_CASE("the commit of a draft that stays can be repeated by who does not know of it") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        for (const size_t size : {5, 5 << 20, 6 << 20}) {
            const std::string name = std::to_string(size) + ".source";
            UploadRow row{name};
            UploadWriter{row, blobs}.append(std::string(size, 'x'));
            for (int i = 0; i < 2; ++i) UploadWriter{row, blobs}.commit();
            CHECK(blobs.open(name)->size() == size);
            CHECK(blobs.can_resume(name, row.progress));
        }
    });
}

TEST_CASE("a draft that stays goes on after pieces of any size") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        Sha256 sent;
        UploadRow row{"large.source"};
        for (const size_t piece : {1, 4'000'000, 7, 3'000'000, 12'000'000, 5 << 20, 1}) {
            const auto next = reopen();
            const std::string bytes(piece, static_cast<char>('a' + piece % 26));
            UploadWriter{row, *next}.append(bytes);
            sent.update(bytes);
        }
        CHECK(blobs.can_resume("large.source", row.progress));
        UploadWriter{row, blobs}.commit();
        CHECK(storage::sha256_of(*blobs.open("large.source")) == sent.finish());
        CHECK(names(blobs) == std::vector<std::string>{"large.source"});
    });
}

TEST_CASE("a draft that stays is seen while it grows, and can be removed") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        for (const size_t size : {1, 6 << 20}) {
            UploadRow row{"talk.source"};
            UploadWriter{row, blobs}.append(std::string(size, 'x'));
            CHECK(names(blobs) == std::vector<std::string>{"talk.source"});
            blobs.remove("talk.source");
            CHECK(names(blobs).empty());
        }
    });
}

TEST_CASE("a draft that lost bytes which were durable is not gone on with") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        UploadRow row{"talk.source"};
        UploadWriter{row, blobs}.append("");
        row.progress.size = 1;
        CHECK_FALSE(blobs.can_resume("talk.source", row.progress));
        CHECK_THROWS(UploadWriter{row, blobs});
    });
}

TEST_CASE("a blob can be removed, also twice") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        for (auto remove : {&storage::BlobStore::remove, &storage::BlobStore::remove_committed}) {
            blobs.begin("talk.source")->commit();
            (blobs.*remove)("talk.source");
            (blobs.*remove)("talk.source");
            CHECK_FALSE(blobs.open("talk.source"));
        }
    });
}

TEST_CASE("young blobs are not taken for orphans") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        blobs.begin("talk.source")->commit();
        bool seen = false;
        blobs.each_older_than(1h, [&](const std::string &) { seen = true; });
        CHECK_FALSE(seen);
        CHECK(blobs.free_bytes() != 0);
    });
}
