#include "daemon/api/server/head.hpp"

#include <doctest/doctest.h>

#include "common/error.hpp"

using namespace mp3conv;
using api::server::read_head;

namespace {

std::string with(const std::string &headers) {
    return "POST /v1/files?name=x HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

Errc refusal(const std::string &bytes) {
    try {
        read_head(bytes);
    } catch (const Error &e) {
        return e.code();
    }
    return Errc::internal;
}

} // namespace

TEST_CASE("a head is there once its empty line is") {
    const std::string whole = with("Content-Length: 5\r\nExpect: 100-Continue\r\n");
    for (size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(read_head(whole.substr(0, size)));
    const auto head = read_head(whole + "hello");
    REQUIRE(head);
    CHECK(head->size == whole.size());
    CHECK(head->method == "POST");
    CHECK(head->target == "/v1/files?name=x");
    CHECK(head->body_bytes == 5);
    CHECK(head->expects_continue);
    CHECK_FALSE(head->is_chunked);
    CHECK(read_head(with("transfer-ENCODING:  Chunked \r\n"))->is_chunked);
}

TEST_CASE("a body's length that can be read in two ways is refused") {
    for (const char *headers : {
             "Content-Length: 5\r\nContent-Length: 5\r\n",
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: gzip, chunked\r\n",
             "Content-Length:\r\n",
             "Content-Length: -1\r\n",
             "Content-Length: +5\r\n",
             "Content-Length: 5 5\r\n",
             "Content-Length: 0x5\r\n",
             "Content-Length: 5,5\r\n",
             "Content-Length: 99999999999999999999\r\n",
             "Content-Length : 5\r\n",
             " Content-Length: 5\r\n",
             "X: y\r\n Content-Length: 5\r\n",
             "Content-Length: 5\nX: y\r\n",
         }) {
        CAPTURE(headers);
        CHECK(refusal(with(headers)) == Errc::bad_request);
    }
}

TEST_CASE("a head with what no header may hold is refused") {
    CHECK(refusal(with(std::string{"X: a\0b\r\n", 8})) == Errc::bad_request);
    CHECK(refusal(with("X: a\rb\r\n")) == Errc::bad_request);
    CHECK(refusal(with("no colon\r\n")) == Errc::bad_request);
    CHECK(refusal(with(": no name\r\n")) == Errc::bad_request);
    for (const char *line : {"GET", "GET /", "GET / HTTP/2", "GET  / HTTP/1.1", "GET / x HTTP/1.1",
                             "GET /\tx HTTP/1.1", "G(T / HTTP/1.1", "GET / HTTP/1.1 "}) {
        CAPTURE(line);
        CHECK(refusal(std::string{line} + "\r\nHost: x\r\n\r\n") == Errc::bad_request);
    }
}
