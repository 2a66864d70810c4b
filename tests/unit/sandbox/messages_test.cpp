#include "daemon/sandbox/messages.hpp"

#include <csignal>
#include <doctest/doctest.h>

#include "daemon/sandbox/fate.hpp"

using namespace mp3conv;
using namespace mp3conv::sandbox;

namespace {

const std::string report =
    R"({"report":{"source_s":2.5,"lost_s":0,"truncated":true,"format":"mp4","codec":"aac",)"
    R"("mp3_s":2.5,"bitrate_bps":192000,"note":""}})";

std::string replaced(std::string text, const std::string &part, const std::string &by) {
    return text.replace(text.find(part), part.size(), by);
}

} // namespace

TEST_CASE("what a child says comes over") {
    CHECK(std::get<Progress>(parse_word(encode(Word{Progress{0.25}}))).part == 0.25);
    const std::vector<ByteRange> ranges{{0, 5}, {1ULL << 40, 1 << 20}};
    CHECK(std::get<Wanted>(parse_word(encode(Word{Wanted{ranges}}))).ranges == ranges);
    const auto made = std::get<convert::Report>(parse_word(report));
    CHECK(made.source.format == "mp4");
    CHECK(made.bitrate_bps == 192000);
    CHECK(made.source.truncated);
    CHECK_FALSE(made.note);
    CHECK_FALSE(made.source.lost_s);
    const Error failed{Errc::not_media, "not a media file", "\xff"};
    const auto said = std::get<Error>(parse_word(encode(Word{failed})));
    CHECK(said.code() == Errc::not_media);
    CHECK(said.what() == std::string{"not a media file"});
}

TEST_CASE("a child that was taken over is not believed") {
    const std::string failure = R"({"failure":{"code":"not_media","message":"m","cause":""}})";
    CHECK_NOTHROW(parse_word(failure));
    for (const std::string &text : {
             std::string{},
             std::string{"\0\0\0", 3},
             std::string{"{}"},
             std::string{"[]"},
             std::string{"null"},
             std::string(10'000, '['),
             std::string{R"({"progress":-1})"},
             std::string{R"({"progress":1.5})"},
             std::string{R"({"progress":1e999})"},
             std::string{R"({"progress":"1"})"},
             std::string{R"({"fate":{"wait_status":0}})"},
             std::string{R"({"wanted":[]})"},
             std::string{R"({"wanted":[[-1,5]]})"},
             std::string{R"({"wanted":[[0,0]]})"},
             std::string{R"({"wanted":[[0,1e3]]})"},
             std::string{R"({"wanted":[[0,5,5]]})"},
             std::string{R"({"wanted":[[0,8388609]]})"},
             std::string{R"({"wanted":[[0,8388608],[9000000,1]]})"},
             std::string{R"({"wanted":[[0,18446744073709551615],[0,2]]})"},
             replaced(report, "192000", "1e30"),
             replaced(report, "192000", "-1"),
             replaced(report, R"("source_s":2.5)", R"("source_s":null)"),
             replaced(report, R"("mp4")", R"("../../etc/passwd\n")"),
             replaced(report, R"("mp4")", '"' + std::string(100, 'x') + '"'),
             replaced(report, R"("mp4")", "[1,2]"),
             replaced(failure, "not_media", "wrong_credentials"),
             replaced(failure, "not_media", ""),
         }) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_word(text), Error);
    }
}

TEST_CASE("an MP3 of one sample has an odd bitrate, which is no lie") {
    CHECK_NOTHROW(parse_word(replaced(report, "192000", "1100000000")));
}

TEST_CASE("a text of a child is short, and moves no cursor") {
    const std::string long_one = R"({"failure":{"code":"not_media","message":"\u001b[2J)" +
                                 std::string(9000, 'x') + R"(","cause":""}})";
    const std::string message = std::get<Error>(parse_word(long_one)).what();
    CHECK(message.starts_with("?[2Jxxx"));
    CHECK(message.size() == 500);
}

TEST_CASE("requests, fates and missing layers come over") {
    Options options;
    options.preset = "voice";
    const auto request =
        parse_request(encode(Request{options, std::chrono::seconds{7}, 1ULL << 40}));
    CHECK(request.options == options);
    CHECK(request.time.count() == 7);
    CHECK(request.most_bytes == 1ULL << 40);
    CHECK(parse_fate(encode(Fate{139, 1 << 20, 0.5})).wait_status == 139);
    CHECK(parse_missing(encode(Missing{{"landlock"}})).layers ==
          std::vector<std::string>{"landlock"});
}

TEST_CASE("the way a child ended tells what its file's owner is told") {
    CHECK(ended_well(Fate{}));
    CHECK(error_of(Fate{SIGSEGV}).code() == Errc::conversion_crashed);
    CHECK(error_of(Fate{SIGSYS}).code() == Errc::conversion_crashed);
    CHECK(error_of(Fate{SIGXCPU}).code() == Errc::conversion_timeout);
    CHECK(error_of(Fate{SIGKILL}).code() == Errc::conversion_killed);
    CHECK(error_of(Fate{1 << 8}).code() == Errc::conversion_crashed);
    CHECK(error_of(Fate{SIGSEGV}).cause() == "signal 11 (Segmentation fault)");
}
