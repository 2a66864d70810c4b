#include "common/text.hpp"

#include <doctest/doctest.h>

using namespace mp3conv;

TEST_CASE("text from a server cannot move the cursor") {
    CHECK(printable("a\x1b[2Jb") == "a?[2Jb");
    CHECK(printable("line\r\nbreak") == "line??break");
    CHECK(printable("c1 \xc2\x9b control") == "c1 ? control");
    CHECK(printable("broken \xff utf-8 \xe2\x82") == "broken ? utf-8 ??");
    CHECK(printable("Größe, 音楽") == "Größe, 音楽");
}

TEST_CASE("overlong forms, surrogates and what lies above Unicode are not UTF-8") {
    CHECK(is_utf8("Größe, 音楽, 🎵"));
    CHECK_FALSE(is_utf8("\xc0\xaf"));
    CHECK_FALSE(is_utf8("\xe0\x80\xaf"));
    CHECK_FALSE(is_utf8("\xed\xa0\x80"));
    CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));
}

TEST_CASE("a name from outside stays inside its folder") {
    CHECK(safe_file_name("../../etc/passwd") == "passwd");
    CHECK(safe_file_name("..") == "unnamed");
    CHECK(safe_file_name("talks/") == "unnamed");
    CHECK(safe_file_name("a\nb.mp4") == "a?b.mp4");
    const std::string name = safe_file_name(std::string(199, 'x') + "ü.mp4");
    CHECK(name.size() <= 200);
    CHECK(is_utf8(name));
}

TEST_CASE("talk.mp4 becomes talk") {
    CHECK(without_extension("talk.mp4") == "talk");
    CHECK(without_extension("talk.final.mp4") == "talk.final");
    CHECK(without_extension("talk") == "talk");
    CHECK(without_extension(".hidden") == ".hidden");
}

TEST_CASE("a URL can carry any name") {
    CHECK(url_encode("a b&c=d/ü") == "a%20b%26c%3Dd%2F%C3%BC");
    CHECK(url_encode("A-Z_0.9~") == "A-Z_0.9~");
}
