#include <doctest/doctest.h>

#include "tests/contract/databases.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;
using auth::Redemption;

TEST_CASE("an invite makes one account, and tells whose") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto id = db.invites().create("hash", "for Anna", clock.now() + 1h);
        CHECK(db.invites().is_good("hash"));
        CHECK(db.invites().redeem("hash", "anna@example.org", "password") == Redemption::done);
        CHECK(db.users().find("anna@example.org")->verified);
        CHECK_FALSE(db.invites().is_good("hash"));
        CHECK(db.invites().redeem("hash", "ben@example.org", "password") == Redemption::not_good);
        CHECK_FALSE(db.users().find("ben@example.org"));
        const auto invites = db.invites().list();
        REQUIRE(invites.size() == 1);
        CHECK(invites[0].id == id);
        CHECK(invites[0].note == "for Anna");
        CHECK(invites[0].is_used);
        CHECK(invites[0].used_by == "anna@example.org");
        CHECK_FALSE(db.invites().revoke(id)); // nothing to take back
        db.users().remove(db.users().find("anna@example.org")->id);
        CHECK(db.invites().list()[0].used_by.empty());
        CHECK_FALSE(db.invites().is_good("hash"));
    });
}

TEST_CASE("an invite that ran out or was taken back makes no account") {
    each_database([](db::Database &db, FakeClock &clock) {
        const auto id = db.invites().create("revoked", "", clock.now() + 2h);
        db.invites().create("old", "", clock.now() + 1h);
        CHECK(db.invites().revoke(id));
        clock.advance(1h);
        for (const char *hash : {"revoked", "old", "never"}) {
            CHECK_FALSE(db.invites().is_good(hash));
            CHECK(db.invites().redeem(hash, "anna@example.org", "password") ==
                  Redemption::not_good);
        }
    });
}

TEST_CASE("an invite is not used up by an e-mail that has an account") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.users().add("anna@example.org", "password");
        db.invites().create("hash", "", clock.now() + 1h);
        CHECK(db.invites().redeem("hash", "anna@example.org", "other") == Redemption::email_taken);
        CHECK(db.users().find("anna@example.org")->password_hash == "password");
        CHECK(db.invites().redeem("hash", "ben@example.org", "password") == Redemption::done);
    });
}

TEST_CASE("an invite is forgotten some time after it was used or ran out, and no other") {
    each_database([](db::Database &db, FakeClock &clock) {
        db.invites().create("used", "", clock.now() + 100h);
        db.invites().create("over", "", clock.now() + 1h);
        db.invites().create("open", "", clock.now() + 100h);
        clock.advance(1h);
        db.invites().redeem("used", "anna@example.org", "password");
        CHECK(db.invites().forget(clock.now()) == 0);
        clock.advance(1h);
        CHECK(db.invites().forget(clock.now()) == 2);
        CHECK(db.invites().list().size() == 1);
        CHECK(db.invites().is_good("open"));
        CHECK(db.users().find("anna@example.org"));
    });
}
