#include "daemon/notify/mime.hpp"

#include <doctest/doctest.h>
#include <sstream>

using namespace mp3conv::notify;

namespace {

size_t longest_line(const std::string &text) {
    std::istringstream lines{text};
    size_t longest = 0;
    for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
    return longest;
}

} // namespace

TEST_CASE("a header stays readable while it is plain") {
    CHECK(encode_header("talk.mp3 is ready", 9) == "talk.mp3 is ready");
}

TEST_CASE("a header that is not ASCII becomes encoded words") {
    CHECK(encode_header("Bühne 1", 9) == "=?UTF-8?Q?B=C3=BChne_1?=");
    CHECK(encode_header("=?UTF-8?Q?x?=", 9) == "=?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=");
}

TEST_CASE("a line of encoded words is never longer than 76 characters and never splits a letter") {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "ä€𝄞";
    const std::string encoded = encode_header(text, 9);
    CHECK(longest_line("Subject: " + encoded) == 77); // with the carriage return
    CHECK(encoded.find("=E2=82?=") == std::string::npos);
    CHECK(encoded.find("=C3?=") == std::string::npos);
}

TEST_CASE("no text can end a header") {
    CHECK(encode_header("a\r\nBcc: eve@example.org", 9) == "a??Bcc: eve@example.org");
}

TEST_CASE("quoted-printable leaves plain text as it is and wraps long lines") {
    CHECK(quoted_printable("plain\ntext\n") == "plain\r\ntext\r\n");
    CHECK(quoted_printable("1=1, ü, end \n") == "1=3D1, =C3=BC, end=20\r\n");
    const std::string wrapped = quoted_printable(std::string(200, 'x') + "\n");
    CHECK(longest_line(wrapped) == 77); // 76 and the carriage return
    CHECK(wrapped.find("=\r\n") == 75);
}
