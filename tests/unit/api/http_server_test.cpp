#include "daemon/api/server/http_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <future>
#include <semaphore>
#include <sys/socket.h>
#include <unistd.h>

#include "common/error.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;
using api::server::Exchange;
using api::server::Head;
using api::server::HttpServer;
using api::server::Pacing;

namespace {

/// Answers "/read" with the size of its body, anything else with 403 and the body unread.
void answer(Exchange &exchange) {
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

/// Answers by one function, at the pace that the paths say.
class TestApplication : public api::server::Application {
public:
    explicit TestApplication(std::function<void(Exchange &)> handle) : handle_{std::move(handle)} {}

    std::string origin(const std::string &address) const override { return address; }
    Pacing pacing(const Head &head) const override {
        if (head.target == "/free") return Pacing::quick;
        return head.target == "/costly" ? Pacing::costly : Pacing::transfer;
    }
    std::string client(const httplib::Request &) const override { return "client"; }
    void handle(Exchange &exchange) override { handle_(exchange); }
    void refuse(httplib::Response &response, const std::string &, const Error &why) override {
        response.status = traits(why.code()).http_status;
        response.set_content(why.what(), "text/plain");
    }
    void dress(httplib::Response &response) const override { response.set_header("Dressed", "1"); }
    void observe(const httplib::Request &, const httplib::Response &, Duration) override {}

private:
    std::function<void(Exchange &)> handle_;
};

/// @return the address with the port that it got.
std::string open_at(HttpServer &server, const std::string &address) {
    auto listener = api::server::listen_at(address);
    std::string bound = listener.address;
    server.listen_on(std::move(listener));
    return bound;
}

struct RunningServer {
    explicit RunningServer(std::function<void(Exchange &)> handle = answer) :
        application{std::move(handle)},
        server{application},
        address{open_at(server, "127.0.0.1:0")} {
        server.start();
    }

    TestApplication application;
    HttpServer server;
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

    const RawClient &say(const std::string &bytes) const {
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return *this;
    }

    /// Says that it will say no more.
    void hang_up() const { ::shutdown(fd_.get(), SHUT_WR); }

    /// @return what came until `end` was seen, or the server hung up.
    std::string hear(const std::string &end = "") {
        char buffer[65536];
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

TEST_CASE("a chunked body that was read leaves the connection open for the next request") {
    RunningServer running;
    RawClient client{running.address};
    client.say("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               "5\r\nhello\r\n0\r\n\r\n" +
               smuggled);
    const std::string heard = client.hear("\r\n\r\n0");
    CHECK(answers_in(heard) == 2);
    CHECK(heard.find("\r\n\r\n5") != std::string::npos);
}

TEST_CASE("a chunked body that breaks off is not taken for a whole one") {
    RunningServer running{[](Exchange &exchange) {
        const bool whole = (*exchange.body)([](const char *, size_t) { return true; });
        exchange.response.set_content(whole ? "whole" : "broken", "text/plain");
    }};
    RawClient client{running.address};
    client.say("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    client.hang_up();
    CHECK(client.hear().find("broken") != std::string::npos);
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

TEST_CASE("requests that take long keep nobody from one that does not") {
    std::counting_semaphore<> begun{0};
    std::promise<void> go_on;
    const auto may_go_on = go_on.get_future().share();
    RunningServer running{[&](Exchange &exchange) {
        if (exchange.request.path != "/free") {
            begun.release();
            may_go_on.wait();
        }
        exchange.response.set_content("done", "text/plain");
    }};
    std::vector<RawClient> slow;
    for (int i = 0; i < 100; ++i) {
        slow.emplace_back(running.address).say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        begun.acquire();
    }
    RawClient quick{running.address};
    quick.say("GET /free HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(quick.hear("done").rfind("HTTP/1.1 200", 0) == 0);
    go_on.set_value();
    for (auto &client : slow) CHECK(client.hear("done").rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("an address has only so many long requests at a time, and is told so") {
    std::promise<void> go_on;
    const auto may_go_on = go_on.get_future().share();
    RunningServer running{[&](Exchange &) { may_go_on.wait(); }};
    std::vector<RawClient> slow;
    for (int i = 0; i < 128; ++i) {
        slow.emplace_back(running.address).say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    while (running.server.active() < 128) std::this_thread::yield();
    RawClient one_more{running.address};
    one_more.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string heard = one_more.hear();
    CHECK(heard.rfind("HTTP/1.1 429", 0) == 0);
    CHECK(heard.find("let one end") != std::string::npos);
    go_on.set_value();
    for (auto &client : slow) client.hear("\r\n\r\n");
}

TEST_CASE("beyond its threads and a backlog a server is busy, and says so at once") {
    std::promise<void> go_on;
    const auto may_go_on = go_on.get_future().share();
    RunningServer running{[&](Exchange &) { may_go_on.wait(); }};
    constexpr int threads_and_backlog = 4 + 16;
    std::vector<RawClient> waiting;
    for (int i = 0; i < threads_and_backlog; ++i) {
        waiting.emplace_back(running.address).say("GET /costly HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    while (running.server.active() < threads_and_backlog) std::this_thread::yield();
    RawClient one_more{running.address};
    one_more.say("GET /costly HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(one_more.hear().rfind("HTTP/1.1 503", 0) == 0);
    go_on.set_value();
    for (auto &client : waiting) {
        CHECK(client.hear("\r\n\r\n").rfind("HTTP/1.1 200", 0) == 0);
    }
}

TEST_CASE("a thousand connections that say nothing keep nobody out, and the oldest go first") {
    RunningServer running;
    std::vector<RawClient> silent;
    for (int i = 0; i < 600; ++i) silent.emplace_back(running.address);
    RawClient polite{running.address};
    polite.say("GET /free HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(polite.hear("\r\n\r\n0").rfind("HTTP/1.1 200", 0) == 0);
    CHECK(silent.front().hear().empty()); // end of file
    silent.back().say("GET /free HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(silent.back().hear("\r\n\r\n0").rfind("HTTP/1.1 200", 0) == 0);
}

TEST_CASE("what is no HTTP, or too much of it, is refused before its end") {
    RunningServer running;
    const std::pair<std::string, std::string> cases[]{
        {std::string{"\x16\x03\x01\x02\x00\x01", 6}, "400"},
        {"GET /" + std::string(9000, 'a'), "414"},
        {"GET / HTTP/1.1\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", "431"},
        {"GET / HTTP/1.1\r\n" + std::string(17000, 'a'), "431"},
        {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "400"},
    };
    for (const auto &[said, status] : cases) {
        CAPTURE(said.substr(0, 40));
        RawClient client{running.address};
        client.say(said);
        const std::string heard = client.hear();
        CHECK(heard.rfind("HTTP/1.1 " + status, 0) == 0);
        CHECK(heard.find("Connection: close") != std::string::npos);
    }
}

TEST_CASE("every answer is dressed, those that no handler has seen too") {
    RunningServer running;
    for (const char *said : {"GET /free HTTP/1.1\r\n", "GET /refused HTTP/1.1\r\n",
                             "BREW / HTTP/1.1\r\n", "TRACE / HTTP/1.1\r\n", "GET / HTTP/9\r\n"}) {
        CAPTURE(said);
        RawClient client{running.address};
        client.say(std::string{said} + "Connection: close\r\n\r\n");
        CHECK(client.hear().find("Dressed: 1\r\n") != std::string::npos);
    }
}

TEST_CASE("a client that asks much and reads nothing holds up no thread") {
    const std::string large(4 << 20, 'x'); // more than sockets keep
    RunningServer running{
        [&](Exchange &exchange) { exchange.response.set_content(large, "text/plain"); }};
    std::vector<RawClient> deaf;
    for (int i = 0; i < 20; ++i) { // more than there are threads
        deaf.emplace_back(running.address).say("GET /free HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    RawClient listening{running.address};
    listening.say("GET /free HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(listening.hear().size() > large.size());
}

TEST_CASE("a Unix socket is an address too, and its file may be left from before") {
    const test::TempDir dir;
    TestApplication application{answer};
    const std::string address = "unix:" + (dir.path() / "socket").string();
    for (int time = 0; time < 2; ++time) {
        HttpServer server{application};
        CHECK(open_at(server, address) == address);
        server.start();
        httplib::Client client{(dir.path() / "socket").string()};
        client.set_address_family(AF_UNIX);
        const auto answer = client.Get("/free");
        REQUIRE(answer);
        CHECK(answer->body == "0");
        HttpServer second{application};
        CHECK_THROWS_WITH_AS(open_at(second, address), doctest::Contains("in use"), Error);
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

/// Keeps whoever asks where a client comes from, which is the thread that looks after connections.
class HeldApplication final : public TestApplication {
public:
    HeldApplication() : TestApplication{answer} {}

    std::string origin(const std::string &address) const override {
        held.release();
        let_go.acquire();
        return address;
    }

    mutable std::binary_semaphore held{0};
    mutable std::binary_semaphore let_go{0};
};

TEST_CASE("a server is alive for as long as somebody looks after its connections") {
    HeldApplication application;
    HttpServer server{application};
    const std::string address = open_at(server, "127.0.0.1:0");
    CHECK_FALSE(server.is_alive(0ms)); // nobody does yet
    server.start();
    CHECK(server.is_alive(60s));
    RawClient client{address};
    application.held.acquire();
    CHECK_FALSE(server.is_alive(50ms));
    application.let_go.release();
    CHECK(server.is_alive(60s));
}

TEST_CASE("an address that is none, or taken, is refused by name") {
    TestApplication application{answer};
    HttpServer server{application};
    for (const char *bad : {"", "8420", "localhost:", "127.0.0.1:http", "127.0.0.1:70000"}) {
        CAPTURE(bad);
        CHECK_THROWS_WITH_AS(open_at(server, bad), doctest::Contains("listen"), Error);
    }
    RunningServer running;
    CHECK_THROWS_WITH_AS(open_at(server, running.address),
                         doctest::Contains(running.address.c_str()), Error);
}
