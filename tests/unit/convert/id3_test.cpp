#include "daemon/convert/id3.hpp"

#include <doctest/doctest.h>

using namespace mp3conv::convert;
using namespace std::string_literals;

namespace {

/// @return what follows the header of the tag's only frame.
std::string body_of(const Tags &tags) {
    return id3_tag(tags).substr(20);
}

} // namespace

TEST_CASE("a file without a title gets no tag") {
    CHECK(id3_tag({}).empty());
    CHECK(id3_tag({{"title", " \t\n"}, {"encoder", "Lavf"}}).empty());
}

TEST_CASE("a tag is laid out as ID3v2.3 says") {
    CHECK(id3_tag({{"title", "Hello"}}) == "ID3\x03\0\0\0\0\0\x10"s
                                           "TIT2\0\0\0\x06\0\0"s
                                           "\0Hello"s);
}

TEST_CASE("a text is ISO-8859-1 where it fits, and UTF-16 where not") {
    CHECK(body_of({{"title", "Größe"}}) == "\0Gr\xF6\xDF"s + "e");
    CHECK(body_of({{"title", "音"}}) == "\1\xFF\xFE\xF3\x97"s);
    CHECK(body_of({{"title", "🎵"}}) == "\1\xFF\xFE\x3C\xD8\xB5\xDF"s);
}

TEST_CASE("broken text and control characters do not get into the tag") {
    CHECK(body_of({{"title", "a\x1b[2Jb\xff"}}) == "\0a?[2Jb?"s);
    CHECK(body_of({{"artist", "tab\tbed\r\n"}}) == "\0tab bed"s);
}

TEST_CASE("a comment keeps its lines") {
    CHECK(body_of({{"comment", "one\r\ntwo\n"}}) == "\0XXX\0one\ntwo"s);
    CHECK(body_of({{"comment", "音"}}) == "\1XXX\xFF\xFE\0\0\xFF\xFE\xF3\x97"s);
}

TEST_CASE("of a date, the year stays") {
    CHECK(body_of({{"date", "2021-05-03"}}) == "\0"s + "2021");
    CHECK(id3_tag({{"date", "May 3rd"}}).empty());
}

TEST_CASE("a text of a million characters is cut, and not in the middle of one") {
    std::string text = "x";
    for (int i = 0; i < 100000; ++i) text += "ü";
    CHECK(body_of({{"title", text}}).size() == 1 + 1 + (4096 - 1) / 2);
    CHECK(body_of({{"comment", text}}).back() == '\xFC');
}
