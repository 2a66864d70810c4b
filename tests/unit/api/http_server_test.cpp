#include "daemon/api/http_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/error.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

namespace {

/// Answers "/read" with the size of its body, anything else with 403 and the body unread.
void answer(api::Exchange &exchange) {
    size_t size = 0;
    if (exchange.request.path == "/read") {
        (*exchange.body)([&](const char *, size_t some) {
            size += some;
            return true;
        });
    } else if (exchange.request.path != "/free") {
        exchange.response.status = 403;
    }
    exchange.response.set_content(std::to_string(size), "text/plain");
}

struct RunningServer {
    RunningServer() : address{server.bind("127.0.0.1:0")} { server.start(); }

    api::HttpServer server{answer, [](const auto &, const auto &, auto) {}};
    std::string address;
};

/// A client that says exactly what it is told.
class RawClient {
public:
    explicit RawClient(const std::string &address) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port =
            htons(static_cast<uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
        ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        REQUIRE(::connect(fd_.get(), reinterpret_cast<sockaddr *>(&to), sizeof to) == 0);
    }

    void say(const std::string &bytes) const {
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    /// @return what came until `end` was seen, or the server hung up.
    std::string hear(const std::string &end = "") {
        char buffer[4096];
        while (end.empty() || heard_.find(end) == std::string::npos) {
            const ssize_t got = ::recv(fd_.get(), buffer, sizeof buffer, 0);
            if (got <= 0) break;
            heard_.append(buffer, static_cast<size_t>(got));
        }
        return std::exchange(heard_, {});
    }

private:
    Fd fd_;
    std::string heard_;
};

size_t answers_in(const std::string &text) {
    size_t count = 0;
    for (size_t at = text.find("HTTP/1.1 "); at != std::string::npos;
         at = text.find("HTTP/1.1 ", at + 1)) {
        ++count;
    }
    return count;
}

const std::string smuggled = "GET /free HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("a refused body is never taken for the next request") {
    RunningServer running;
    RawClient client{running.address};
    client.say("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: " +
               std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled);
    const std::string heard = client.hear();
    CHECK(answers_in(heard) == 1);
    CHECK(heard.find("403") != std::string::npos);
    CHECK(heard.find("Connection: close") != std::string::npos);
}

TEST_CASE("a body that was read leaves the connection open for the next request") {
    RunningServer running;
    RawClient client{running.address};
    client.say("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + smuggled);
    std::string heard = client.hear("\r\n\r\n0");
    CHECK(answers_in(heard) == 2);
    CHECK(heard.find("\r\n\r\n5") != std::string::npos);
}

TEST_CASE("a chunked body is read to its end, and ends the connection") {
    RunningServer running;
    RawClient client{running.address};
    client.say("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               "5\r\nhello\r\n0\r\n\r\n" +
               smuggled);
    const std::string heard = client.hear();
    CHECK(answers_in(heard) == 1);
    CHECK(heard.find("\r\n\r\n5") != std::string::npos);
}

TEST_CASE("headers that cannot be understood end the connection") {
    RunningServer running;
    RawClient client{running.address};
    client.say("BROKEN\r\n\r\n" + smuggled);
    CHECK(answers_in(client.hear()) <= 1);
}

TEST_CASE("a client that waits for 100 Continue gets it only when its body is wanted") {
    RunningServer running;
    const std::string expecting = " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                                  "Expect: 100-continue\r\n\r\n";
    RawClient wanted{running.address};
    wanted.say("POST /read" + expecting);
    CHECK(wanted.hear("\r\n\r\n").rfind("HTTP/1.1 100 Continue", 0) == 0);
    wanted.say("hello");
    CHECK(wanted.hear("\r\n\r\n5").rfind("HTTP/1.1 200", 0) == 0);

    RawClient refused{running.address};
    refused.say("POST /refused" + expecting);
    const std::string heard = refused.hear();
    CHECK(heard.rfind("HTTP/1.1 403", 0) == 0);
    CHECK(heard.find("100 Continue") == std::string::npos);
}

TEST_CASE("a POST without a length has no body, and does not wait for one") {
    RunningServer running;
    RawClient client{running.address};
    client.say("POST /read HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.hear("\r\n\r\n0").rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("a length that is given twice, or in two ways, is a fault") {
    httplib::Request request;
    CHECK(api::framing_fault(request).empty());
    request.set_header("Content-Length", "5");
    CHECK(api::framing_fault(request).empty());
    request.set_header("Transfer-Encoding", "chunked");
    CHECK_FALSE(api::framing_fault(request).empty());
    request.headers.erase("Content-Length");
    CHECK(api::framing_fault(request).empty());
    request.set_header("Transfer-Encoding", "gzip");
    CHECK_FALSE(api::framing_fault(request).empty());
    request.headers.clear();
    for (const char *length : {"", "-1", "5 5", "0x5", "5,5"}) {
        request.headers.clear();
        request.set_header("Content-Length", length);
        CHECK_FALSE(api::framing_fault(request).empty());
    }
}

TEST_CASE("a stopping server lets idle connections go at once") {
    RunningServer running;
    RawClient client{running.address};
    client.say("GET /free HTTP/1.1\r\nHost: x\r\n\r\n");
    client.hear("\r\n\r\n0");
    running.server.finish(10s);
    CHECK(client.hear().empty()); // end of file
}

TEST_CASE("an address that is none, or taken, is refused by name") {
    api::HttpServer server{answer, [](const auto &, const auto &, auto) {}};
    for (const char *bad : {"", "8420", "localhost:", "127.0.0.1:http", "127.0.0.1:70000"}) {
        CAPTURE(bad);
        CHECK_THROWS_WITH_AS(server.bind(bad), doctest::Contains("listen"), Error);
    }
    RunningServer running;
    CHECK_THROWS_WITH_AS(server.bind(running.address), doctest::Contains(running.address.c_str()),
                         Error);
}
