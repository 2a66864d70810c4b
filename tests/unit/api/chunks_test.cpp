#include "daemon/api/server/chunks.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"

using namespace mp3conv;
using api::server::Chunks;

namespace {

struct Body {
    std::string data;
    bool is_over;
    std::string left;
};

/// @param step as many bytes come at a time.
Body read(std::string_view raw, size_t step) {
    Chunks chunks;
    Body body{};
    while (!raw.empty() && !chunks.is_over()) {
        auto piece = raw.substr(0, step);
        raw.remove_prefix(piece.size());
        while (!piece.empty() && !chunks.is_over()) body.data += chunks.take(piece, 3);
        body.left = piece;
    }
    body.is_over = chunks.is_over();
    body.left += raw;
    return body;
}

} // namespace

TEST_CASE("a chunked body is its data, however it comes") {
    const std::string raw =
        "5\r\nhello\r\n1;name=value\r\n,\r\n006 \r\n world\r\n0\r\nX: y\r\n\r\nGET";
    for (size_t step = 1; step < raw.size(); ++step) {
        CAPTURE(step);
        const Body body = read(raw, step);
        CHECK(body.data == "hello, world");
        CHECK(body.is_over);
        CHECK(body.left == "GET");
    }
    CHECK_FALSE(read("5\r\nhello\r\n0\r\n", 100).is_over);
}

TEST_CASE("a chunked body with broken framing is refused, not cut short") {
    for (const char *raw : {"5\r\nhelloworld\r\n0\r\n\r\n", "5\nhello\r\n", "-5\r\nhello\r\n",
                            "\r\n", "ffffffffffffffff1\r\nhello", "zz\r\n", "0x5\r\nhello",
                            "5\r\nhello\n0\r\n", "5,\r\nhello\r\n"}) {
        CAPTURE(raw);
        CHECK_THROWS_AS(read(raw, 1), Error);
        CHECK_THROWS_AS(read(raw, 100), Error);
    }
    CHECK_THROWS_AS(read("0\r\n" + std::string(9000, 'x'), 100), Error); // a trailer without an end
}
