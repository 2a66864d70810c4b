#include "daemon/api/tus.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"

using namespace mp3conv;
using namespace mp3conv::api;

namespace {

queue::NewFile file_of(const std::string &metadata) {
    queue::NewFile file;
    tus::apply_metadata(metadata, file);
    return file;
}

} // namespace

TEST_CASE("metadata carry the name and the options, and whatever else a client likes to tell") {
    const auto file = file_of("filename dGFsay5tcDQ=,filetype dmlkZW8vbXA0,preset aGlnaA==,empty");
    CHECK(file.name == "talk.mp4");
    CHECK(file.options.preset == "high");
    CHECK(file_of("id3v1 dHJ1ZQ==,start MS41").options.start_s == 1.5);
    CHECK(file_of("id3v1 dHJ1ZQ==").options.id3v1);
}

TEST_CASE("a name in metadata stays inside its folder") {
    CHECK(file_of("filename Li4vLi4vZXRjL3Bhc3N3ZA==").name == "passwd"); // ../../etc/passwd
}

TEST_CASE("metadata that are not base64, and options that make no sense, are refused") {
    CHECK_THROWS_AS(file_of("filename !!!!"), Error);
    CHECK_THROWS_AS(file_of("filename dGFsa"), Error);
    CHECK_THROWS_WITH(file_of("vbr MTE="), doctest::Contains("option vbr: '11'"));
}

TEST_CASE("a new upload says its length, or that it comes later, and not both") {
    httplib::Request request;
    CHECK_THROWS_AS(tus::length_of_new(request), Error);
    request.set_header("Upload-Length", "5");
    CHECK(tus::length_of_new(request) == 5);
    request.set_header("Upload-Defer-Length", "1");
    CHECK_THROWS_AS(tus::length_of_new(request), Error);
}

TEST_CASE("a final upload names its parts by address or path") {
    httplib::Request request;
    request.set_header("Upload-Concat", "final;/v1/uploads/a http://x/v1/uploads/b");
    CHECK(tus::read_concat(request).parts == std::vector<std::string>{"a", "b"});
    httplib::Request nonsense;
    nonsense.set_header("Upload-Concat", "final;");
    CHECK_THROWS_AS(tus::read_concat(nonsense), Error);
}
