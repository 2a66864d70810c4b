#include "daemon/notify/notifier.hpp"

#include <doctest/doctest.h>

#include "daemon/db/open.hpp"
#include "daemon/notify/mail_channel.hpp"
#include "daemon/notify/open.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/smtp_server.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

namespace {

/// An outbox with one letter in it.
struct Desk {
    Desk() {
        owner = *db->users().add("anna@example.org", "hash");
        db->jobs().enqueue({.id = "talk",
                            .owner = owner,
                            .name = "talk.mp4",
                            .options = {},
                            .bytes = 1,
                            .sha256 = "",
                            .source_blob = "talk.source"});
        db->jobs().bury(*db->jobs().reserve("worker", 60s), {"not_media", "no media", false});
    }

    bool deliver(const test::SmtpServer &server) {
        notify::Channels channels;
        channels[notify::mail] = std::make_unique<notify::MailChannel>(
            notify::open_mailer({server.url(), "", "", "", false}, folder.path() / "outbox"),
            notify::Sender{"mp3@example.org", "http://127.0.0.1"}, clock);
        notify::Notifier notifier{{db->outbox(), channels, letters, clock}, "sender"};
        return notifier.deliver_one();
    }

    test::TempDir folder;
    test::FakeClock clock;
    system::UserId owner{};
    system::Bell letters;
    std::unique_ptr<db::Database> db = db::open_database("sqlite:", folder.path(), clock);
};

} // namespace

TEST_CASE("a letter is sent once") {
    Desk desk;
    const test::SmtpServer server;
    CHECK(desk.deliver(server));
    CHECK(server.letter().find("talk.mp4 could not be converted") != std::string::npos);
    CHECK_FALSE(desk.deliver(server));
}

TEST_CASE("a letter that the server puts off is tried again, each time after a longer pause") {
    Desk desk;
    const test::SmtpServer busy{{"--reply", "rcpt=451"}};
    for (const auto pause : {1min, 2min, 4min}) {
        CHECK(desk.deliver(busy));
        desk.clock.advance(pause - 1s);
        CHECK_FALSE(desk.deliver(busy));
        desk.clock.advance(1s);
    }
    const test::SmtpServer server;
    CHECK(desk.deliver(server));
    CHECK(server.letter().find("Message-ID: <talk.1@example.org>") != std::string::npos);
}

TEST_CASE("a letter that nobody will ever take is not tried again") {
    Desk desk;
    CHECK(desk.deliver(test::SmtpServer{{"--reply", "rcpt=550"}}));
    desk.clock.advance(std::chrono::hours{24 * 30});
    CHECK_FALSE(desk.deliver(test::SmtpServer{}));
}

TEST_CASE("a letter is given up after five days") {
    Desk desk;
    const test::SmtpServer busy{{"--reply", "data=451"}};
    int attempts = 0;
    for (const Time start = desk.clock.now(); desk.deliver(busy); ++attempts) {
        desk.clock.advance(1h);
        REQUIRE(desk.clock.now() < start + std::chrono::hours{24 * 6});
    }
    CHECK(attempts == 125);
}

TEST_CASE("a code whose time is over is not sent any more, and is forgotten") {
    Desk desk;
    desk.deliver(test::SmtpServer{});
    desk.db->outbox().leave({.user = desk.owner,
                             .kind = notify::Kind::reset_password,
                             .secret = "k3v9",
                             .useful_until = desk.clock.now() + 30min});
    desk.clock.advance(30min);
    CHECK(desk.deliver(test::SmtpServer{}));
    const auto lines = desk.db->outbox().list(100);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].is_given_up);
    CHECK_FALSE(desk.db->outbox().retry(lines[0].id));
}

TEST_CASE("a notice for a channel that there is not is given up, and says so") {
    Desk desk;
    desk.deliver(test::SmtpServer{});
    desk.db->outbox().leave({.user = desk.owner, .channel = "pigeon"});
    const notify::Channels none;
    notify::Notifier notifier{{desk.db->outbox(), none, desk.letters, desk.clock}, "sender"};
    notifier.start();
    const auto line = desk.db->outbox().list(100).at(0);
    CHECK(line.is_given_up);
    CHECK(line.last_error == "there is no such channel");
}
