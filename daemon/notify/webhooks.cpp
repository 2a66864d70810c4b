#include "daemon/notify/webhooks.hpp"

#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/notify/webhook_channel.hpp"
#include "daemon/notify/webhook_message.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::notify {
namespace {

constexpr size_t key_bytes = 32; // Standard Webhooks takes 24 to 64
constexpr size_t test_id_length = 16;

[[noreturn]] void none() {
    throw Error{Errc::not_found, "there is no webhook; set one with mp3conv webhook set URL"};
}

} // namespace

Webhook Webhooks::set(system::UserId user, const std::string &url) {
    poster_.check(url);
    Webhook webhook{url, system::random_bytes(key_bytes), clock_.now()};
    store_.set(user, webhook);
    return webhook;
}

Webhook Webhooks::show(system::UserId user) {
    auto webhook = store_.find(user);
    if (!webhook) none();
    return *webhook;
}

void Webhooks::remove(system::UserId user) {
    if (!store_.remove(user)) none();
}

int Webhooks::test(system::UserId user) {
    const auto place = tests_.take(user, 1);
    if (!place) throw Error{Errc::rate_limited, "a test of your webhook is under way; let it end"};
    const auto now = clock_.now();
    const auto message = compose_message(show(user), "msg_" + system::random_id(test_id_length),
                                         "webhook.test", now, nlohmann::json::object(), now);
    try {
        const int status = poster_.post(message, stop_.get_token());
        require_taken(status);
        return status;
    } catch (const Error &e) {
        throw Error{Errc::webhook_failed, e.what(), e.cause()};
    }
}

} // namespace mp3conv::notify
