#include "daemon/notify/letter.hpp"

#include <doctest/doctest.h>

using namespace mp3conv;
using namespace mp3conv::notify;

namespace {

const Sender sender{"mp3@example.org", "https://mp3.example.org"};
const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{8}};

Notice done(const std::string &name) {
    FileObject file;
    file.id = "k3v9";
    file.name = name;
    file.state = State::done;
    file.finished_at = now;
    file.expires_at = now + std::chrono::hours{30 * 24};
    file.mp3 = Mp3{73'100'000, 3723, 190'000, "00"};
    return {.id = 7, .email = "anna@example.org", .file = file, .attempt = 1};
}

Notice failed(const std::string &name, bool retryable) {
    Notice notice = done(name);
    notice.file->state = State::failed;
    notice.file->mp3.reset();
    notice.file->error = Failure{"no_audio_track", "no audio track; nothing to convert", retryable};
    return notice;
}

bool has(const Letter &letter, const std::string &text) {
    return letter.text.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("the letter has what its reader needs to fetch the MP3") {
    const Letter letter = compose(done("talk.mp4"), sender, now);
    CHECK(letter.to == "anna@example.org");
    CHECK(has(letter, "Subject: talk.mp3 is ready\r\n"));
    CHECK(has(letter, "File ID   k3v9\r\n"));
    CHECK(has(letter, "Duration  1:02:03\r\n"));
    CHECK(has(letter, "Size      73.1 MB\r\n"));
    CHECK(has(letter, "mp3conv download k3v9\r\n"));
    CHECK(has(letter, "https://mp3.example.org/f/k3v9\r\n"));
    CHECK(has(letter, "Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n"));
    CHECK(has(letter, "Auto-Submitted: auto-generated\r\n"));
}

TEST_CASE("the letter tells until when the MP3 stays, in words and as a date") {
    CHECK(has(compose(done("talk.mp4"), sender, now + std::chrono::hours{48}),
              "It stays for 30 days, until Thursday, 24 December 2026, 08:00 UTC.\r\n"));
    Notice brief = done("talk.mp4");
    brief.file->expires_at = now + std::chrono::minutes{90};
    CHECK(has(compose(brief, sender, now),
              "It stays for 90 minutes, until Tuesday, 24 November 2026, 09:30 UTC.\r\n"));
    brief.file->expires_at = now + std::chrono::hours{1};
    CHECK(has(compose(brief, sender, now), "It stays for 1 hour, until "));
}

TEST_CASE("every attempt at a letter has the same Message-ID") {
    Notice notice = done("talk.mp4");
    CHECK(has(compose(notice, sender, now), "Message-ID: <k3v9.7@example.org>\r\n"));
    notice.attempt = 2;
    CHECK(has(compose(notice, sender, now), "Message-ID: <k3v9.7@example.org>\r\n"));
}

TEST_CASE("a letter about a failure says why") {
    const Letter letter = compose(failed("slides.mp4", false), sender, now);
    CHECK(has(letter, "Subject: slides.mp4 could not be converted\r\n"));
    CHECK(has(letter, "no audio track; nothing to convert\r\n"));
    CHECK_FALSE(has(letter, "mp3conv retry"));
    CHECK(has(compose(failed("slides.mp4", true), sender, now), "mp3conv retry k3v9\r\n"));
}

TEST_CASE("a letter with a code says what to do with it, in words that a shell takes as they are") {
    const Notice verify{.id = 3,
                        .kind = Kind::verify_email,
                        .email = "o'neil+$x@example.org",
                        .secret = "k3v9k3v9k3",
                        .attempt = 1};
    const Letter letter = compose(verify, sender, now);
    CHECK(has(letter, "Subject: Is this your address?\r\n"));
    CHECK(has(letter, "Message-ID: <verify_email.3@example.org>\r\n"));
    CHECK(has(letter, "  mp3conv verify 'o'\\''neil+$x@example.org' k3v9k3v9k3\r\n"));
    CHECK(
        has(letter, "  https://mp3.example.org/verify?email=3Do%27neil%2B%24x%40example.org&code"));

    const Notice reset{.id = 4,
                       .kind = Kind::reset_password,
                       .email = "anna@example.org",
                       .secret = "k3v9k3v9k3",
                       .attempt = 1};
    CHECK(has(compose(reset, sender, now),
              "  mp3conv password reset anna@example.org --code k3v9k3v9k3\r\n"));
}

TEST_CASE("no file name adds a header field or a line") {
    for (const char *name : {"a\r\nBcc: eve@example.org\r\n\r\nhello.mp4", "\"x\" <y>\n.mp4",
                             "\xC2\x85"
                             "Bcc: eve@example.org",
                             "\xFF\xFE\n\nBcc: e@example.org"}) {
        for (const Letter &letter :
             {compose(done(name), sender, now), compose(failed(name, true), sender, now)}) {
            CHECK_FALSE(has(letter, "\nBcc:"));
            CHECK_FALSE(has(letter, "\nhello"));
            const size_t end = letter.text.find("\r\n\r\n");
            CHECK(letter.text.substr(0, end).find("Content-Transfer-Encoding") !=
                  std::string::npos);
        }
    }
}

TEST_CASE("a letter is ASCII whatever the file is called") {
    const Letter letter = compose(done("Bühne – 1.mp4"), sender, now);
    for (const char c : letter.text) CHECK(static_cast<unsigned char>(c) < 0x80);
}
