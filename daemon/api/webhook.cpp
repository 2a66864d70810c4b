#include <nlohmann/json.hpp>

#include "daemon/api/audit.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/notify/webhook_message.hpp"

namespace mp3conv::api {
namespace {

nlohmann::json describe(const notify::Webhook &webhook) {
    return {{"url", webhook.url}, {"created_at", format_time(webhook.created_at)}};
}

} // namespace

/// GET /v1/me/webhook
void show_webhook(Rooms &rooms, Call &call) {
    answer(call, 200, describe(rooms.webhooks.show(call.caller.user)));
}

/// PUT /v1/me/webhook: {url}; the secret is in this answer and in no other.
void set_webhook(Rooms &rooms, Call &call) {
    const auto webhook = rooms.webhooks.set(call.caller.user, text_member(read_json(call), "url"));
    audit_caller(rooms, call, "webhook set", {"outcome", "done"});
    auto body = describe(webhook);
    body["secret"] = notify::secret_text(webhook);
    answer(call, 200, body);
}

/// DELETE /v1/me/webhook
void remove_webhook(Rooms &rooms, Call &call) {
    rooms.webhooks.remove(call.caller.user);
    audit_caller(rooms, call, "webhook removed", {"outcome", "done"});
    call.response.status = 204;
}

/// POST /v1/me/webhook/test: sends a message to it, and tells what it answered.
void test_webhook(Rooms &rooms, Call &call) {
    answer(call, 200, {{"status", rooms.webhooks.test(call.caller.user)}});
}

} // namespace mp3conv::api
