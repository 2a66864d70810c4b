#include "daemon/convert/id3.hpp"

#include <doctest/doctest.h>

using namespace mp3conv::convert;
using namespace mp3conv::media;
using namespace std::string_literals;

namespace {

/// @return what follows the header of the tag's only frame.
std::string body_of(const Tags &tags) {
    return id3_tag({tags, {}, {}}).substr(20);
}

} // namespace

TEST_CASE("a file without a title gets no tag") {
    CHECK(id3_tag(Metadata{}).empty());
    CHECK(id3_tag({{{"title", " \t\n"}, {"encoder", "Lavf"}}, {}, {}}).empty());
}

TEST_CASE("a tag is laid out as ID3v2.3 says") {
    CHECK(id3_tag({{{"title", "Hello"}}, {}, {}}) == "ID3\x03\0\0\0\0\0\x10"s
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
    CHECK(id3_tag({{{"date", "May 3rd"}}, {}, {}}).empty());
}

TEST_CASE("a text of a million characters is cut, and not in the middle of one") {
    std::string text = "x";
    for (int i = 0; i < 100000; ++i) text += "ü";
    CHECK(body_of({{"title", text}}).size() == 1 + 1 + (4096 - 1) / 2);
    CHECK(body_of({{"comment", text}}).back() == '\xFC');
}

TEST_CASE("lyrics are kept to 64 KiB, line by line") {
    CHECK(id3_tag({{{"lyrics", "la\r\nla"}}, {}, {}}).substr(10) ==
          "USLT\0\0\0\x0A\0\0\0XXX\0la\nla"s);
    CHECK(body_of({{"lyrics", std::string(100'000, 'a')}}).size() == 1 + 3 + 1 + (64 << 10));
}

TEST_CASE("a cover stands in the tag as it is") {
    CHECK(id3_tag({{}, Cover{"image/png", "\x89PNG"}, {}}).substr(20) ==
          "\0image/png\0\3\0\x89PNG"s);
}

TEST_CASE("chapters stand in a table of contents") {
    const std::string tag = id3_tag({{}, {}, {{0, 1500, "One"}, {1500, 60'000, "Zw\xC3\xB6lf"}}});
    CHECK(tag.substr(10) == "CTOC\0\0\0\x0E\0\0toc\0\3\2ch0\0ch1\0"s
                            "CHAP\0\0\0\x22\0\0ch0\0\0\0\0\0\0\0\5\xDC"s
                            "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFTIT2\0\0\0\4\0\0\0One"s
                            "CHAP\0\0\0\x24\0\0ch1\0\0\0\5\xDC\0\0\xEA\x60"s
                            "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFTIT2\0\0\0\6\0\0\0Zw\xF6lf"s);
}

TEST_CASE("an ID3v1 tag has 128 bytes, and a question mark for what it cannot say") {
    const std::string tag = id3v1_tag({{"title", "音 Größe"}, {"date", "1995"}, {"track", "3/12"}});
    REQUIRE(tag.size() == 128);
    CHECK(tag.starts_with("TAG? Gr\xF6\xDF"
                          "e\0"s));
    CHECK(tag.substr(93, 4) == "1995");
    CHECK(tag.substr(125) == "\0\3\xFF"s);
}
