#include <doctest/doctest.h>
#include <functional>
#include <unistd.h>
#include <vector>

#include "common/sha256.hpp"
#include "daemon/storage/open.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Runs a test over an empty store of each kind there is; `reopen` opens it once more.
using Reopen = std::function<std::unique_ptr<storage::BlobStore>()>;

void each_storage(const std::function<void(storage::BlobStore &, const Reopen &)> &test) {
    for (const std::string url : {"file:"}) {
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

std::string content(const Fd &fd) {
    std::string text(100, '\0');
    const ssize_t size = ::pread(fd.get(), text.data(), text.size(), 0);
    text.resize(static_cast<size_t>(std::max<ssize_t>(0, size)));
    return text;
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
        CHECK(sha256_of_file(blobs.open("large.source").get()) == sent.finish());
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
        const auto draft = blobs.begin("first.source");
        draft->write("bytes");
        draft->commit();
        const Fd bytes = blobs.open("first.source");
        blobs.adopt("shared.source", bytes.get(), true);
        blobs.adopt("copied.source", bytes.get(), false);
        blobs.remove("first.source");
        CHECK(content(blobs.open("shared.source")) == "bytes");
        CHECK(content(blobs.open("copied.source")) == "bytes");
        blobs.remove("shared.source");
        blobs.adopt("again.source", bytes.get(), true); // which have no name any more
        CHECK(content(blobs.open("again.source")) == "bytes");
    });
}

TEST_CASE("a draft that stays goes on where it was, also for the next process") {
    each_storage([](storage::BlobStore &blobs, const Reopen &reopen) {
        {
            const auto draft = blobs.resume("talk.source", 0);
            draft->write("first ");
            draft->sync();
            draft->write("lost");
        }
        const auto store = reopen();
        const auto draft = store->resume("talk.source", 6);
        draft->write("second");
        draft->commit();
        CHECK(content(store->open("talk.source")) == "first second");
    });
}

TEST_CASE("a draft that lost bytes which were durable is not gone on with") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        blobs.resume("talk.source", 0)->sync();
        CHECK_THROWS(blobs.resume("talk.source", 1));
    });
}

TEST_CASE("a blob can be removed, also twice") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        blobs.begin("talk.source")->commit();
        blobs.remove("talk.source");
        blobs.remove("talk.source");
        CHECK_FALSE(blobs.open("talk.source"));
    });
}

TEST_CASE("young blobs are not taken for orphans") {
    each_storage([](storage::BlobStore &blobs, const Reopen &) {
        blobs.begin("talk.source")->commit();
        bool seen = false;
        blobs.each_older_than(1h, [&](const std::string &) { seen = true; });
        CHECK_FALSE(seen);
        CHECK(blobs.free_bytes() > 0);
    });
}
