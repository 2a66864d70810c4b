#include "daemon/notify/http_poster.hpp"

#include <doctest/doctest.h>
#include <thread>

#include "common/error.hpp"
#include "tests/unit/support/webhook_receiver.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;
using notify::HttpPoster;

namespace {

/// @return what is wrong with a post; empty where it got an answer.
std::string fault(const HttpPoster &poster, const std::string &url,
                  const std::stop_token &stop = {}) {
    try {
        poster.post({url, {}, "{}"}, stop);
        return {};
    } catch (const Error &e) {
        CHECK(e.code() == Errc::unreachable);
        return e.what();
    }
}

} // namespace

TEST_CASE("what is posted arrives as it is, and the status of the answer is told") {
    const WebhookReceiver receiver{{"202"}};
    const HttpPoster poster{loopback};
    CHECK(poster.post({receiver.url(), {"X-Name: talk"}, "{\"a\":1}"}, {}) == 202);
    const auto request = receiver.request();
    CHECK(request["method"] == "POST");
    CHECK(request["path"] == "/hook");
    CHECK(request["headers"]["x-name"] == "talk");
    CHECK(request["body"] == "{\"a\":1}");
}

TEST_CASE("nothing but public addresses is connected to, whatever name leads there") {
    const WebhookReceiver receiver;
    const HttpPoster poster{{}};
    for (const char *host : {"127.0.0.1", "localhost", "2130706433", "0.0.0.0", "0x7f.1",
                             "[::ffff:127.0.0.1]", "[::1]"}) {
        CAPTURE(host);
        CHECK(fault(poster, receiver.url("https", host)) ==
              "the webhook is at no public address; webhook-networks does not allow it");
        CHECK(fault(poster, receiver.url("http", host)) ==
              "the webhook has no https:// address, and webhook-networks does not allow it");
    }
    CHECK(receiver.received() == 0);
}

TEST_CASE("a redirect is an answer like any other, and nobody goes there") {
    const WebhookReceiver receiver{{"307"}};
    CHECK(HttpPoster{loopback}.post({receiver.url(), {}, "{}"}, {}) == 307);
    CHECK(receiver.received() == 1);
}

TEST_CASE("an answer without an end is cut off, and one that never comes is not waited for") {
    const WebhookReceiver receiver{{"endless", "mute"}};
    CHECK(fault(HttpPoster{loopback}, receiver.url()) == "the webhook's answer is too long");
    CHECK(fault(HttpPoster{loopback, 1s}, receiver.url()) ==
          "the webhook cannot be reached: Timeout was reached");
    CHECK(receiver.received() == 2);
}

TEST_CASE("a stop request ends a post that waits for its answer") {
    const WebhookReceiver receiver{{"mute"}};
    std::stop_source stop;
    const std::jthread ender{[&] {
        while (receiver.received() == 0) std::this_thread::yield();
        stop.request_stop();
    }};
    CHECK(fault(HttpPoster{loopback}, receiver.url(), stop.get_token()) ==
          "the webhook cannot be reached: Operation was aborted by an application callback");
    CHECK(fault(HttpPoster{loopback}, receiver.url(), stop.get_token()) ==
          "the daemon is stopping; try later");
}

TEST_CASE("a receiver whose certificate nobody vouches for gets nothing") {
    const WebhookReceiver receiver{{"--tls"}};
    CHECK(fault(HttpPoster{loopback}, receiver.url("https", "localhost"))
              .starts_with("the webhook cannot be reached: SSL"));
    CHECK(receiver.received() == 0);
}

TEST_CASE("only addresses that can be posted to are taken") {
    const HttpPoster poster{{}};
    poster.check("https://example.org/hook?key=1");
    poster.check("https://[2001:db8::1]:8443/");
    for (const char *url : {"", "example.org", "ftp://example.org/", "file:///etc/passwd",
                            "https://", "https://me:word@example.org/", "https://example.org/#a",
                            "https://example.org/\n", "https://exa mple.org/"}) {
        CAPTURE(url);
        CHECK_THROWS_WITH_AS(poster.check(url),
                             "the webhook's URL is none such as https://example.org/hook", Error);
    }
    CHECK_THROWS_AS(poster.check("https://example.org/" + std::string(2000, 'a')), Error);
    CHECK_THROWS_AS(poster.check("http://example.org/"), Error);
    HttpPoster{loopback}.check("http://example.org/"); // it may be in an allowed network
}
