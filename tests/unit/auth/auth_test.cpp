#include "daemon/auth/auth.hpp"

#include <doctest/doctest.h>
#include <functional>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Accounts over real SQLite.
struct House {
    explicit House(auth::Policy policy = {}) :
        auth{rows->users(), rows->sessions(), tokens, clock, policy} {}

    TempDir folder;
    FakeClock clock;
    std::unique_ptr<db::Database> rows = db::open_database("sqlite:", folder.path(), clock);
    auth::Tokens tokens{{std::string(32, 's')}};
    auth::Auth auth;
};

Errc code_of(const std::function<void()> &call) {
    try {
        call();
    } catch (const Error &e) {
        return e.code();
    }
    FAIL("nothing was thrown");
    return Errc::internal;
}

} // namespace

TEST_CASE("who registered can log in, in any case of letters, until logging out") {
    House house;
    const auto id = house.auth.register_user("Anna@Example.org", "correct horse");
    const auto login = house.auth.login(" anna@example.ORG", "correct horse");
    CHECK(login.expires_at == house.clock.now() + 30 * 24h);
    const auto caller = house.auth.authenticate(login.token);
    CHECK(caller.user == id);
    house.auth.logout(caller);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
}

TEST_CASE("an unknown e-mail and a wrong password get the same answer") {
    House house;
    house.auth.register_user("anna@example.org", "correct horse");
    std::string answers[2];
    for (int i = 0; i < 2; ++i) {
        try {
            house.auth.login(i == 0 ? "anna@example.org" : "ben@example.org", "wrong horse");
        } catch (const Error &e) {
            answers[i] = std::string{traits(e.code()).code} + e.what();
        }
    }
    CHECK(answers[0] == answers[1]);
    CHECK(answers[0].find("wrong_credentials") == 0);
}

TEST_CASE("a token ends with its time") {
    House house{{.registration_open = true, .token_lifetime = 1h}};
    house.auth.register_user("anna@example.org", "correct horse");
    const auto login = house.auth.login("anna@example.org", "correct horse");
    house.clock.advance(59min);
    CHECK_NOTHROW(house.auth.authenticate(login.token));
    house.clock.advance(1min);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
}

TEST_CASE("a closed house takes no one in but whom the administrator adds") {
    House house{{.registration_open = false, .token_lifetime = 1h}};
    CHECK(code_of([&] { house.auth.register_user("anna@example.org", "correct horse"); }) ==
          Errc::registration_closed);
    house.auth.add_user("anna@example.org", "correct horse");
    CHECK_NOTHROW(house.auth.login("anna@example.org", "correct horse"));
}

TEST_CASE("bad e-mails, short passwords and taken accounts are refused") {
    House house;
    for (const char *email :
         {"", "anna", "@example.org", "anna@", "a b@example.org", "anna@example.org\r\nBcc: x@y",
          "a..b@example.org", "ännа@example.org"}) {
        CAPTURE(email);
        CHECK(code_of([&] { house.auth.register_user(email, "correct horse"); }) ==
              Errc::invalid_option);
    }
    CHECK(code_of([&] { house.auth.register_user("anna@example.org", "short"); }) ==
          Errc::invalid_option);
    house.auth.register_user("anna@example.org", "correct horse");
    CHECK(code_of([&] { house.auth.register_user("ANNA@example.org", "other horse"); }) ==
          Errc::email_taken);
}

TEST_CASE("a disabled account cannot log in, and its tokens end") {
    House house;
    const auto id = house.auth.register_user("anna@example.org", "correct horse");
    const auto login = house.auth.login("anna@example.org", "correct horse");
    house.rows->users().set_disabled(id, true);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
    CHECK(code_of([&] { house.auth.login("anna@example.org", "correct horse"); }) ==
          Errc::account_disabled);
}
