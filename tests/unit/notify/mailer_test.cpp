#include <doctest/doctest.h>

#include "common/error.hpp"
#include "daemon/notify/file_mailer.hpp"
#include "daemon/notify/open.hpp"
#include "daemon/notify/smtp_mailer.hpp"
#include "tests/unit/support/smtp_server.hpp"

using namespace mp3conv;
using namespace mp3conv::notify;

namespace {

const Letter letter{"k3v9.7", "mp3@example.org", "anna@example.org",
                    "Subject: talk.mp3 is ready\r\n\r\nfirst\r\n.\r\n..last\r\n"};

/// @return why the letter was not taken.
Errc refusal(notify::SmtpServer server) {
    try {
        SmtpMailer{std::move(server)}.send(letter, {});
    } catch (const Error &e) {
        return e.code();
    }
    return Errc::internal;
}

} // namespace

TEST_CASE("a mail server gets the letter as it was written, lines of dots included") {
    const test::SmtpServer server{{"--tls", "none"}};
    SmtpMailer{
        {.url = server.url(), .user = {}, .password = {}, .ca_file = {}, .require_tls = false}}
        .send(letter, {});
    CHECK(server.letter() == "X-Envelope: mp3@example.org anna@example.org\r\n" + letter.text);
}

TEST_CASE("a letter goes out by STARTTLS and by TLS, with a password") {
    for (const char *tls : {"starttls", "implicit"}) {
        const test::SmtpServer server{{"--tls", tls, "--auth", "mp3:secret"}};
        const bool implicit = std::string{tls} == "implicit";
        SmtpMailer{{server.url(implicit ? "smtps" : "smtp"), "mp3", "secret", server.ca_file()}}
            .send(letter, {});
        CHECK(server.letter().find("Subject: talk.mp3") != std::string::npos);
    }
}

TEST_CASE("nothing is said to a server without TLS, unless TLS is switched off") {
    const test::SmtpServer server{{"--tls", "none"}};
    CHECK(refusal({server.url(), "mp3", "secret", ""}) == Errc::unreachable);
    CHECK(server.letter().empty());
}

TEST_CASE("a certificate that nobody vouches for gets no letter") {
    const test::SmtpServer server{{"--tls", "starttls"}};
    CHECK(refusal({server.url(), "", "", ""}) == Errc::unreachable);
}

TEST_CASE("a wrong password is worth another attempt, once it is mended") {
    const test::SmtpServer server{{"--tls", "starttls", "--auth", "mp3:secret"}};
    CHECK(refusal({server.url(), "mp3", "wrong", server.ca_file()}) == Errc::unreachable);
}

TEST_CASE("a mailbox that does not exist is final, a full one is not") {
    for (const auto &[reply, code] :
         {std::pair{"rcpt=550", Errc::undeliverable}, std::pair{"rcpt=452", Errc::unreachable},
          std::pair{"data=554", Errc::undeliverable}, std::pair{"data=451", Errc::unreachable}}) {
        const test::SmtpServer server{{"--reply", reply}};
        CAPTURE(reply);
        CHECK(refusal({server.url(), "", "", "", false}) == code);
    }
}

TEST_CASE("without a mail server letters are files, one each however often they are sent") {
    const test::TempDir folder;
    const auto mailer = open_mailer({}, folder.path() / "outbox");
    mailer->send(letter, {});
    mailer->send(letter, {});
    CHECK(read_small_file(folder / "outbox/k3v9.7.eml") == letter.text);
    CHECK(std::distance(std::filesystem::directory_iterator{folder / "outbox"}, {}) == 1);
}

TEST_CASE("a mail server of another kind is refused by name") {
    const test::TempDir folder;
    CHECK_THROWS_WITH(open_mailer({"http://127.0.0.1", "", "", ""}, folder.path()),
                      doctest::Contains("smtp-url: 'http://127.0.0.1'"));
}
