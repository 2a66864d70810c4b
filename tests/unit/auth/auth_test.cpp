#include "daemon/auth/auth.hpp"

#include <cctype>
#include <doctest/doctest.h>
#include <functional>

#include "common/error.hpp"
#include "daemon/auth/passwords.hpp"
#include "daemon/auth/registration.hpp"
#include "daemon/db/open.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

const std::string home = "192.0.2.1";

const auth::Subject of_home{"", home, {.free = 30, .forgiven_each = 1min}};

/// Accounts over real SQLite.
struct House {
    explicit House(auth::Policy policy = {}, auth::RegistrationPolicy registration_policy = {}) :
        auth{rows->users(), rows->sessions(), rows->attempts(), tokens, clock, policy},
        registration{rows->users(), rows->attempts(),   rows->codes(), rows->invites(),
                     clock,         registration_policy} {}

    system::UserId register_user(const std::string &email, const std::string &password,
                                 const std::string &network = home) {
        return rows->users().find(registration.register_user({email, password, network}).email)->id;
    }
    auth::Login login(const std::string &email, const std::string &password,
                      const std::string &network = home) {
        return auth.login({email, password, network});
    }

    TempDir folder;
    FakeClock clock;
    std::unique_ptr<db::Database> rows = db::open_database("sqlite:", folder.path(), clock);
    auth::Tokens tokens{{std::string(32, 's')}};
    auth::Auth auth;
    auth::Registration registration;
    auth::Passwords passwords{rows->users(), rows->attempts(), rows->codes(), clock};
};

/// Guesses until told to wait. @return how long.
std::chrono::seconds guess(House &house, const std::string &email, const std::string &network) {
    while (true) {
        try {
            house.login(email, "wrong horse", network);
        } catch (const Error &e) {
            if (e.code() == Errc::rate_limited) return e.retry_after();
            REQUIRE(e.code() == Errc::wrong_credentials);
        }
    }
}

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
    const auto id = house.register_user("Anna@Example.org", "correct horse");
    const auto login = house.login(" anna@example.ORG", "correct horse");
    CHECK(login.expires_at == house.clock.now() + 30 * 24h);
    const auto caller = house.auth.authenticate(login.token);
    CHECK(caller.user == id);
    house.auth.logout(caller);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
}

TEST_CASE("an unknown e-mail and a wrong password get the same answer") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    std::string answers[2];
    for (int i = 0; i < 2; ++i) {
        try {
            house.login(i == 0 ? "anna@example.org" : "ben@example.org", "wrong horse");
        } catch (const Error &e) {
            answers[i] = std::string{traits(e.code()).code} + e.what();
        }
    }
    CHECK(answers[0] == answers[1]);
    CHECK(answers[0].find("wrong_credentials") == 0);
}

TEST_CASE("a token ends with its time") {
    House house{{.token_lifetime = 1h}};
    house.register_user("anna@example.org", "correct horse");
    const auto login = house.login("anna@example.org", "correct horse");
    house.clock.advance(59min);
    CHECK_NOTHROW(house.auth.authenticate(login.token));
    house.clock.advance(1min);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
}

TEST_CASE("a link to a file ends after an hour, and with the login that asked for it") {
    House house;
    const auto id = house.register_user("anna@example.org", "correct horse");
    const auto caller =
        house.auth.authenticate(house.login("anna@example.org", "correct horse").token);
    const auto link = house.auth.create_link(caller, "k3v9");
    CHECK(link.expires_at == house.clock.now() + 1h);
    CHECK(house.auth.authenticate_link(link.token, "k3v9").user == id);
    house.clock.advance(1h);
    CHECK(code_of([&] { house.auth.authenticate_link(link.token, "k3v9"); }) ==
          Errc::not_logged_in);

    const auto fresh = house.auth.create_link(caller, "k3v9");
    CHECK_NOTHROW(house.auth.authenticate_link(fresh.token, "k3v9"));
    house.auth.logout(caller);
    CHECK(code_of([&] { house.auth.authenticate_link(fresh.token, "k3v9"); }) ==
          Errc::not_logged_in);
}

TEST_CASE("a closed house takes no one in but whom the administrator adds") {
    House house{{}, {.admission = auth::Admission::closed}};
    CHECK(code_of([&] { house.register_user("anna@example.org", "correct horse"); }) ==
          Errc::registration_closed);
    house.registration.add_user("anna@example.org", "correct horse");
    CHECK_NOTHROW(house.login("anna@example.org", "correct horse"));
}

TEST_CASE("bad e-mails, short passwords and taken accounts are refused") {
    House house;
    for (const char *email :
         {"", "anna", "@example.org", "anna@", "a b@example.org", "anna@example.org\r\nBcc: x@y",
          "a..b@example.org", "ännа@example.org"}) {
        CAPTURE(email);
        CHECK(code_of([&] { house.register_user(email, "correct horse"); }) ==
              Errc::invalid_option);
    }
    CHECK(code_of([&] { house.register_user("anna@example.org", "short"); }) ==
          Errc::invalid_option);
    house.register_user("anna@example.org", "correct horse");
    CHECK(code_of([&] { house.register_user("ANNA@example.org", "other horse"); }) ==
          Errc::email_taken);
}

TEST_CASE("a disabled account cannot log in, and its tokens end") {
    House house;
    const auto id = house.register_user("anna@example.org", "correct horse");
    const auto login = house.login("anna@example.org", "correct horse");
    house.rows->users().set_disabled(id, true);
    CHECK(code_of([&] { house.auth.authenticate(login.token); }) == Errc::not_logged_in);
    CHECK(code_of([&] { house.login("anna@example.org", "correct horse"); }) ==
          Errc::account_disabled);
}

TEST_CASE("who has to wait is told how long, before the password is looked at") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    CHECK(guess(house, "anna@example.org", home) == 1s);
    CHECK(code_of([&] { house.login("anna@example.org", "correct horse"); }) == Errc::rate_limited);
    house.clock.advance(1s);
    CHECK_NOTHROW(house.login("anna@example.org", "correct horse"));
}

TEST_CASE("after the right password the wrong ones are forgotten") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    const auto guesses = [&] {
        for (int i = 0; i < 4; ++i) {
            CHECK(code_of([&] { house.login("anna@example.org", "wrong horse"); }) ==
                  Errc::wrong_credentials);
        }
    };
    guesses();
    house.login("anna@example.org", "correct horse");
    guesses();
    CHECK_NOTHROW(house.login("anna@example.org", "correct horse"));
}

TEST_CASE("an unknown e-mail has to wait like a known one") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    for (const char *network : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) {
        const auto known = guess(house, "anna@example.org", network);
        CHECK(guess(house, "ben@example.org", network) == known);
        house.clock.advance(known);
    }
}

TEST_CASE("who guesses elsewhere does not keep an owner out where that was in before") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    house.login("anna@example.org", "correct horse", home);
    CHECK(guess(house, "anna@example.org", "198.51.100.7") == 1s);
    CHECK(code_of([&] { house.login("anna@example.org", "correct horse", "203.0.113.5"); }) ==
          Errc::rate_limited);
    CHECK_NOTHROW(house.login("anna@example.org", "correct horse", home));
    CHECK(guess(house, "anna@example.org", home) == 1s); // guesses are counted there, too
}

TEST_CASE("one address can try thirty passwords or registrations at once, at whatever accounts") {
    House house;
    for (int i = 0; i < 28; ++i) house.rows->attempts().begin({of_home});
    house.register_user("anna@example.org", "correct horse");
    CHECK(code_of([&] { house.login("anna@example.org", "wrong horse"); }) ==
          Errc::wrong_credentials);
    CHECK(code_of([&] { house.login("ben@example.org", "wrong horse"); }) == Errc::rate_limited);
    CHECK(code_of([&] { house.register_user("cleo@example.org", "correct horse"); }) ==
          Errc::rate_limited);
    CHECK_FALSE(house.rows->users().find("cleo@example.org"));
    CHECK_NOTHROW(house.register_user("cleo@example.org", "correct horse", "192.0.2.2"));
}

TEST_CASE("a login that ends well, and what is refused for other reasons, uses up nothing") {
    House house;
    house.registration.add_user("anna@example.org", "correct horse");
    house.login("anna@example.org", "correct horse");
    code_of([&] { house.register_user("cleo@example.org", "short"); });
    code_of([&] { house.login("nobody", "correct horse"); });
    for (int i = 0; i < 30; ++i) CHECK(house.rows->attempts().begin({of_home}) == 0ms);
    CHECK(house.rows->attempts().begin({of_home}) == 1s);
}

TEST_CASE("asking which e-mails have an account uses up attempts") {
    House house;
    house.registration.add_user("anna@example.org", "correct horse");
    for (int i = 0; i < 29; ++i) house.rows->attempts().begin({of_home});
    const auto ask = [&] { house.register_user("anna@example.org", "other horse"); };
    CHECK(code_of(ask) == Errc::email_taken);
    CHECK(code_of(ask) == Errc::rate_limited);
}

namespace {

constexpr auth::RegistrationPolicy verifying{.admission = auth::Admission::open,
                                             .verifies_email = true};

/// @return the code in the letter that is due; empty where there is none.
std::string next_code(House &house) {
    const auto notice = house.rows->outbox().reserve("sender", 60s);
    if (!notice) return {};
    house.rows->outbox().sent(*notice);
    return notice->secret;
}

} // namespace

TEST_CASE("who registers where addresses are verified gets in with code and password, not before") {
    House house{{}, verifying};
    const auto made = house.registration.register_user({"anna@example.org", "correct horse", home});
    CHECK_FALSE(made.is_verified);
    const std::string code = next_code(house);
    CHECK(code.size() == 10);
    CHECK(code_of([&] { house.login("anna@example.org", "correct horse"); }) ==
          Errc::email_unverified);
    CHECK(code_of([&] { house.login("anna@example.org", "wrong horse"); }) ==
          Errc::wrong_credentials);
    const auto verify = [&](const std::string &password, const std::string &typed) {
        house.registration.verify({{"anna@example.org", password, home}, typed});
    };
    CHECK(code_of([&] { verify("wrong horse", code); }) == Errc::wrong_code);
    CHECK(code_of([&] { verify("correct horse", "0000000000"); }) == Errc::wrong_code);
    std::string typed = " " + code.substr(0, 5) + "-" + code.substr(5);
    for (char &c : typed) c = static_cast<char>(std::toupper(c));
    verify("correct horse", typed);
    CHECK_NOTHROW(house.login("anna@example.org", "correct horse"));
    CHECK(code_of([&] { verify("correct horse", code); }) == Errc::wrong_code);
}

TEST_CASE("nobody confirms an account that another made with their address") {
    House house{{}, verifying};
    house.registration.register_user({"anna@example.org", "anna's horse", home});
    const std::string hers = next_code(house);
    house.registration.register_user({"anna@example.org", "eve's horse", "198.51.100.7"});
    const std::string eves = next_code(house);
    for (const auto &code : {hers, eves}) {
        CHECK(code_of([&] {
                  house.registration.verify({{"anna@example.org", "anna's horse", home}, code});
              }) == Errc::wrong_code);
    }
}

TEST_CASE("codes are guessed no faster than passwords") {
    House house{{}, verifying};
    house.registration.register_user({"anna@example.org", "correct horse", home});
    for (int i = 0; i < 5; ++i) {
        CHECK(code_of([&] {
                  house.passwords.reset({"anna@example.org", "x", "new horse!", home});
              }) == Errc::wrong_code);
    }
    CHECK(code_of([&] {
              house.registration.verify({{"anna@example.org", "correct horse", home}, "x"});
          }) == Errc::rate_limited);
}

TEST_CASE("an address gets three letters in a week, whoever registers it") {
    House house{{}, verifying};
    const auto ask = [&] {
        house.registration.register_user({"anna@example.org", "correct horse", home});
        return next_code(house).size();
    };
    for (int i = 0; i < 3; ++i) CHECK(ask() == 10);
    house.clock.advance(6 * 24h);
    CHECK(code_of(ask) == Errc::too_many_letters);
    house.clock.advance(24h);
    CHECK(ask() == 10);
}

TEST_CASE("a password that is changed ends the other logins, and keeps named tokens") {
    House house;
    const auto id = house.register_user("anna@example.org", "correct horse");
    const auto here = house.login("anna@example.org", "correct horse");
    const auto there = house.login("anna@example.org", "correct horse");
    const auth::Caller caller{id, here.session};
    const auto cron = house.auth.create_token(caller, "cron", 1h);
    CHECK(code_of([&] { house.passwords.change(caller, home, "wrong horse", "better horse"); }) ==
          Errc::wrong_credentials);
    CHECK(code_of([&] { house.passwords.change(caller, home, "correct horse", "short"); }) ==
          Errc::invalid_option);
    house.passwords.change(caller, home, "correct horse", "better horse");
    CHECK_NOTHROW(house.auth.authenticate(here.token));
    CHECK_NOTHROW(house.auth.authenticate(cron.token));
    CHECK(code_of([&] { house.auth.authenticate(there.token); }) == Errc::not_logged_in);
    CHECK(code_of([&] { house.login("anna@example.org", "correct horse"); }) ==
          Errc::wrong_credentials);
    CHECK_NOTHROW(house.login("anna@example.org", "better horse"));
}

TEST_CASE("a password is reset by the code of the letter, within half an hour") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    const auto before = house.login("anna@example.org", "correct horse");
    house.passwords.request_reset("Anna@example.org", home);
    const std::string late = next_code(house);
    house.clock.advance(30min);
    CHECK(code_of([&] {
              house.passwords.reset({"anna@example.org", late, "better horse", home});
          }) == Errc::wrong_code);
    house.passwords.request_reset("anna@example.org", home);
    house.passwords.reset({"anna@example.org", next_code(house), "better horse", home});
    CHECK(code_of([&] { house.auth.authenticate(before.token); }) == Errc::not_logged_in);
    CHECK_NOTHROW(house.login("anna@example.org", "better horse"));
}

TEST_CASE("asking for a new password tells nobody who has an account") {
    House house;
    house.register_user("anna@example.org", "correct horse");
    // Past the letters that she may get, too.
    for (int i = 0; i < 5; ++i) {
        CHECK_NOTHROW(house.passwords.request_reset("anna@example.org", home));
        CHECK_NOTHROW(house.passwords.request_reset("ben@example.org", home));
    }
    int letters = 0;
    while (!next_code(house).empty()) ++letters;
    CHECK(letters == 1); // each takes the place of the one that is not out yet
}
