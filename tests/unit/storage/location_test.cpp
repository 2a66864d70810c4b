#include "daemon/storage/s3/location.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"

using namespace mp3conv;
using storage::s3::parse_location;

TEST_CASE("a bucket of AWS is reached by its own name in its region") {
    const auto location = parse_location("s3://sounds/mp3conv?region=eu-central-1");
    CHECK(location.base_url() == "https://sounds.s3.eu-central-1.amazonaws.com");
    CHECK(location.prefix == "mp3conv/");
    CHECK(location.path_of("mp3conv/blobs/a.mp3") == "/mp3conv/blobs/a.mp3");
    CHECK(location.path_of("") == "/");
}

TEST_CASE("a bucket of another server is reached by its path, unless it is said otherwise") {
    const auto by_path = parse_location("s3://sounds?endpoint=http://10.0.0.1:9000/");
    CHECK(by_path.base_url() == "http://10.0.0.1:9000");
    CHECK(by_path.path_of("a.mp3") == "/sounds/a.mp3");
    CHECK(by_path.path_of("") == "/sounds");
    CHECK(by_path.prefix.empty());
    const auto by_host = parse_location("s3://sounds?endpoint=https://s3.example.org&style=host");
    CHECK(by_host.base_url() == "https://sounds.s3.example.org");
}

TEST_CASE("the port that a scheme has anyhow is not said to the server") {
    CHECK(parse_location("s3://sounds?endpoint=https://s3.example.org:443").host() ==
          "s3.example.org");
}

TEST_CASE("a bucket with dots is reached by its path: no certificate is made out to it") {
    CHECK(parse_location("s3://my.sounds?region=us-east-1").path_of("a") == "/my.sounds/a");
}

TEST_CASE("what makes no sense in an s3:// URL is refused") {
    for (const char *url : {"s3://", "s3:///prefix", "s3://UPPER", "s3://sounds?bucket=x",
                            "s3://sounds?endpoint=ftp://x", "s3://sounds?endpoint=http://x/y",
                            "s3://sounds?style=virtual"}) {
        CAPTURE(url);
        CHECK_THROWS_AS(parse_location(url), Error);
    }
}
