#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

queue::Upload upload_of(system::UserId owner, const std::string &id, FakeClock &clock) {
    queue::Upload upload;
    upload.file.id = id;
    upload.file.owner = owner;
    upload.file.name = id + ".mp4";
    upload.file.source_blob = id + ".source";
    upload.length = 1000;
    upload.expires_at = clock.now() + 24h;
    return upload;
}

struct Begun {
    Begun(db::Database &db, FakeClock &clock) :
        anna{*db.users().add("anna@example.org", "hash")},
        upload{upload_of(anna, "talk", clock)} {
        db.uploads().begin(upload);
    }

    system::UserId anna;
    queue::Upload upload;
};

/// @return the upload as it is to be next.
queue::Upload at(queue::Upload upload, uint64_t offset, const std::string &bookmark = {}) {
    upload.offset = offset;
    upload.bookmark = bookmark;
    return upload;
}

} // namespace

TEST_CASE("an upload is a file from its first byte, and a job from its last") {
    each_database([](db::Database &db, FakeClock &clock) {
        Begun begun{db, clock};
        CHECK(db.files().find(begun.anna, "talk")->object.state == State::uploading);
        CHECK_FALSE(db.jobs().reserve("worker", 60s));

        begun.upload.offset = 1000;
        const auto file = db.uploads().finish(begun.upload, std::string(64, 'a'));
        REQUIRE(file);
        CHECK(file->state == State::queued);
        CHECK(file->source.bytes == 1000);
        CHECK(db.jobs().reserve("worker", 60s)->id == "talk");
    });
}

TEST_CASE("what is durable of an upload is told, also of one that is finished") {
    each_database([](db::Database &db, FakeClock &clock) {
        Begun begun{db, clock};
        const auto next = at(begun.upload, 400, "in a box");
        REQUIRE(db.uploads().advance(begun.upload, next));
        CHECK(db.uploads().find(begun.anna, "talk")->offset == 400);
        CHECK(db.uploads().find(begun.anna, "talk")->bookmark == "in a box");
        CHECK(db.uploads().find(begun.anna, "talk")->length == 1000);

        begun.upload.offset = 1000;
        db.uploads().finish(begun.upload, std::string(64, 'a'));
        const auto found = db.uploads().find(begun.anna, "talk");
        CHECK_FALSE(found->is_open);
        CHECK(found->offset == 1000);
        CHECK_FALSE(db.uploads().advance(next, begun.upload));
        CHECK_FALSE(db.uploads().finish(begun.upload, std::string(64, 'a')));
    });
}

TEST_CASE("of those who go on with an upload from the same place one succeeds") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Begun begun{db, clock};
        const auto first = at(begun.upload, 400, "first");
        REQUIRE(db.uploads().advance(begun.upload, first));
        CHECK_FALSE(db.uploads().advance(begun.upload, at(begun.upload, 300, "second")));
        CHECK_FALSE(db.uploads().advance(begun.upload, at(begun.upload, 500, "second")));
        CHECK(db.uploads().find(begun.anna, "talk")->offset == 400);
        CHECK(db.uploads().find(begun.anna, "talk")->bookmark == "first");
        CHECK(db.uploads().advance(first, at(first, 500, "third")));
    });
}

TEST_CASE("of those who take up an upload's bookmark at the same offset one succeeds") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Begun begun{db, clock};
        REQUIRE(db.uploads().advance(begun.upload, at(begun.upload, 0, "first")));
        CHECK_FALSE(db.uploads().advance(begun.upload, at(begun.upload, 0, "second")));
        CHECK_FALSE(db.uploads().advance(begun.upload, at(begun.upload, 400)));
        CHECK(db.uploads().find(begun.anna, "talk")->bookmark == "first");
    });
}

TEST_CASE("a length can come later") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        auto upload = upload_of(anna, "talk", clock);
        upload.length.reset();
        db.uploads().begin(upload);
        CHECK_FALSE(db.uploads().find(anna, "talk")->length);
        auto next = upload;
        next.length = 7;
        db.uploads().advance(upload, next);
        CHECK(db.uploads().find(anna, "talk")->length == 7);
    });
}

TEST_CASE("an upload counts against its owner's quota with all that it is to become") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Begun begun{db, clock};
        CHECK(db.files().usage(begun.anna).bytes == 1000);
    });
}

TEST_CASE("an upload that nobody goes on with is forgotten after its time, and no other") {
    each_database([](db::Database &db, FakeClock &clock) {
        Begun begun{db, clock};
        auto other = upload_of(begun.anna, "other", clock);
        other.expires_at += 1h;
        db.uploads().begin(other);
        CHECK(db.uploads().expire().empty());
        clock.advance(24h);
        CHECK(db.uploads().expire() == std::vector<std::string>{"talk.source"});
        CHECK_FALSE(db.uploads().find(begun.anna, "talk"));
        CHECK(db.uploads().find(begun.anna, "other"));
    });
}

TEST_CASE("another user's upload is as absent as one that never was") {
    each_database([](db::Database &db, FakeClock &clock) {
        const Begun begun{db, clock};
        const auto eve = *db.users().add("eve@example.org", "hash");
        CHECK_FALSE(db.uploads().find(eve, "talk"));
    });
}

TEST_CASE("a piece of an upload is no file of its own in a list") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto anna = *db.users().add("anna@example.org", "hash");
        auto piece = upload_of(anna, "piece", clock);
        piece.is_partial = true;
        db.uploads().begin(piece);
        CHECK(db.files().list(anna, {}).files.empty());
        CHECK(db.uploads().find(anna, "piece")->is_partial);
    });
}
