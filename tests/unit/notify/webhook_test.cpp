#include "daemon/notify/webhook_channel.hpp"

#include <doctest/doctest.h>

#include "daemon/db/open.hpp"
#include "daemon/notify/notifier.hpp"
#include "daemon/notify/webhooks.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"
#include "tests/unit/support/webhook_receiver.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

/// Anna's webhook, and a file of hers that has failed.
struct Desk {
    explicit Desk(const WebhookReceiver &receiver) {
        webhooks.set(anna, receiver.url());
        leave_message("talk");
        channels[notify::by_webhook] =
            std::make_unique<notify::WebhookChannel>(rows->webhooks(), poster, clock);
    }

    void leave_message(const std::string &id) {
        rows->jobs().enqueue({.id = id,
                              .owner = anna,
                              .name = id + ".mp4",
                              .options = {},
                              .bytes = 1,
                              .sha256 = "",
                              .source_blob = id + ".source"});
        rows->jobs().bury(*rows->jobs().reserve("worker", 60s), {"not_media", "no media", false});
    }

    bool deliver() {
        notify::Notifier notifier{{rows->outbox(), channels, bell, clock}, "sender"};
        return notifier.deliver_one(notify::by_webhook);
    }

    /// @return why the message was given up; empty where it was not.
    std::string given_up() {
        for (const auto &line : rows->outbox().list(10)) {
            if (line.channel == notify::by_webhook && line.is_given_up) return line.last_error;
        }
        return {};
    }

    TempDir folder;
    FakeClock clock;
    system::Bell bell;
    std::unique_ptr<db::Database> rows = db::open_database("sqlite:", folder.path(), clock);
    notify::HttpPoster poster{loopback};
    notify::Webhooks webhooks{rows->webhooks(), poster, clock};
    system::UserId anna = *rows->users().add("anna@example.org", "hash");
    notify::Channels channels;
};

} // namespace

TEST_CASE("a message tells what became of the file, and nobody's address") {
    const WebhookReceiver receiver;
    Desk desk{receiver};
    CHECK(desk.deliver());
    CHECK_FALSE(desk.deliver());
    const auto request = receiver.request();
    CHECK(request["headers"]["content-type"] == "application/json");
    CHECK(request["headers"]["webhook-signature"].get<std::string>().starts_with("v1,"));
    const std::string text = request["body"];
    CHECK(text.find("example.org") == std::string::npos);
    const auto message = nlohmann::json::parse(text);
    CHECK(message["type"] == "file.failed");
    CHECK(message["timestamp"] == format_time(desk.clock.now()));
    CHECK(message["data"]["id"] == "talk");
    CHECK(message["data"]["error"]["code"] == "not_media");
}

TEST_CASE("a message that was not taken comes again, under the same ID and signed anew") {
    const WebhookReceiver receiver{{"500", "302", "404"}};
    Desk desk{receiver};
    for (const auto pause : {10s, 40s, 160s}) {
        CHECK(desk.deliver());
        desk.clock.advance(pause - 1s);
        CHECK_FALSE(desk.deliver());
        desk.clock.advance(1s);
    }
    CHECK(desk.deliver());
    CHECK_FALSE(desk.deliver());
    const auto first = receiver.request(1);
    const auto last = receiver.request(4);
    CHECK(receiver.received() == 4);
    CHECK(first["headers"]["webhook-id"] == last["headers"]["webhook-id"]);
    CHECK(first["body"] == last["body"]);
    CHECK(first["headers"]["webhook-timestamp"] != last["headers"]["webhook-timestamp"]);
    CHECK(first["headers"]["webhook-signature"] != last["headers"]["webhook-signature"]);
}

TEST_CASE("a message is given up after three days, or at once where the receiver is gone") {
    const WebhookReceiver busy{std::vector<std::string>(80, "503")};
    Desk desk{busy};
    int attempts = 0;
    for (; desk.deliver(); ++attempts) desk.clock.advance(1h);
    CHECK(attempts == 77);
    CHECK(desk.given_up() == "the webhook did not take the message: it answered 503");

    const WebhookReceiver gone{{"410"}};
    Desk other{gone};
    CHECK(other.deliver());
    CHECK(other.given_up() == "the webhook did not take the message: it answered 410");
}

TEST_CASE("a message whose webhook was removed while it was under way is given up") {
    const WebhookReceiver receiver;
    Desk desk{receiver};
    auto notice = *desk.rows->outbox().reserve("sender", 60s, {notify::by_webhook, true});
    desk.webhooks.remove(desk.anna);
    CHECK_THROWS_WITH_AS(desk.channels[notify::by_webhook]->deliver(notice, {}),
                         "the webhook was removed", Error);
    desk.rows->outbox().give_up(notice, "the webhook was removed"); // of which nothing is left
    CHECK(desk.given_up().empty());
    desk.leave_message("song");
    CHECK_FALSE(desk.deliver());
    CHECK(receiver.received() == 0);
}

TEST_CASE("a new secret takes the place of the one before, and what waits is signed with it") {
    const WebhookReceiver receiver;
    Desk desk{receiver};
    const auto before = desk.webhooks.show(desk.anna);
    const auto now = desk.webhooks.set(desk.anna, receiver.url());
    CHECK(now.key != before.key);
    CHECK(desk.webhooks.show(desk.anna).key == now.key);
    CHECK(desk.deliver());
}

TEST_CASE("a test of a webhook tells what is wrong with it") {
    const WebhookReceiver receiver{{"500"}};
    Desk desk{receiver};
    CHECK_THROWS_WITH_AS(desk.webhooks.test(desk.anna),
                         "the webhook did not take the message: it answered 500", Error);
    CHECK(desk.webhooks.test(desk.anna) == 204);
    CHECK(nlohmann::json::parse(receiver.request(2)["body"].get<std::string>())["type"] ==
          "webhook.test");
    desk.webhooks.stop();
    CHECK_THROWS_AS(desk.webhooks.test(desk.anna), Error);
}
