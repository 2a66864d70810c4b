#include "daemon/storage/s3/signer.hpp"

#include <doctest/doctest.h>

using namespace mp3conv::storage::s3;

namespace {

// The examples of "Signature Calculations for the Authorization Header" in S3's API reference:
// docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const Credentials example{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
constexpr const char *empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::time_t may_24_2013 = 1369353600;

Request request(std::string method, std::string path, Pairs query = {}, Pairs headers = {},
                std::string sha256 = empty) {
    return {std::move(method),  "examplebucket.s3.amazonaws.com",
            std::move(path),    std::move(query),
            std::move(headers), std::move(sha256)};
}

/// @return the signature's hex digits.
std::string signature(Request request) {
    Signer{"us-east-1"}.sign(request, example, may_24_2013);
    const std::string &header = request.headers.back().second;
    return header.substr(header.find("Signature=") + 10);
}

} // namespace

TEST_CASE("a request is signed as S3's documentation signs its examples") {
    CHECK(signature(request("GET", "/test.txt", {}, {{"range", "bytes=0-9"}})) ==
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    CHECK(signature(request("PUT", "/test%24file.text", {},
                            {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                             {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")) ==
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    CHECK(signature(request("GET", "/", {{"lifecycle", ""}})) ==
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    CHECK(signature(request("GET", "/", {{"max-keys", "2"}, {"prefix", "J"}})) ==
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("the order of a query does not change its signature") {
    CHECK(signature(request("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}})) ==
          signature(request("GET", "/", {{"max-keys", "2"}, {"prefix", "J"}})));
}

TEST_CASE("a URL is signed as S3's documentation signs its example") {
    // .../API/sigv4-query-string-auth.html
    const std::string query = Signer{"us-east-1"}.presigned_query(request("GET", "/test.txt"),
                                                                  example, may_24_2013, 86400);
    CHECK(query ==
          "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2F"
          "us-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
          "X-Amz-SignedHeaders=host&X-Amz-Signature="
          "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("credentials that run out are signed with their token") {
    Request with_token = request("GET", "/");
    Signer{"us-east-1"}.sign(with_token, {"key", "secret", "token"}, may_24_2013);
    CHECK(with_token.headers.back().second.find(
              "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") !=
          std::string::npos);
}

TEST_CASE("a path keeps its slashes, and nothing else that means something") {
    CHECK(encode_path("/a b/c+ü%.mp4") == "/a%20b/c%2B%C3%BC%25.mp4");
    CHECK(encode_path("/a//b/") == "/a//b/");
}
