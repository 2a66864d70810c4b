#include "daemon/db/postgres/webhook_store.hpp"

#include "daemon/notify/outbox.hpp"

namespace mp3conv::db::postgres {

bool has_webhook(Connection &connection, system::UserId user) {
    return !connection.execute("SELECT FROM webhooks WHERE user_id = $1", user).empty();
}

std::optional<notify::Webhook> PostgresWebhookStore::find(system::UserId user) {
    return database_.read([&](Connection &connection) -> std::optional<notify::Webhook> {
        const auto found = connection.execute(
            "SELECT url, key, created_at FROM webhooks WHERE user_id = $1", user);
        if (found.empty()) return std::nullopt;
        const Row row = found.front();
        return notify::Webhook{row.text(0), row.bytes(1), row.time(2)};
    });
}

void PostgresWebhookStore::set(system::UserId user, const notify::Webhook &webhook) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "INSERT INTO webhooks (user_id, url, key, created_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (user_id) DO UPDATE SET url = excluded.url, key = excluded.key, "
            "created_at = excluded.created_at",
            user, webhook.url, Bytes{webhook.key}, webhook.created_at);
    });
}

bool PostgresWebhookStore::remove(system::UserId user) {
    return database_.write([&](Connection &connection) {
        connection.execute("DELETE FROM outbox WHERE user_id = $1 AND channel = $2 "
                           "AND sent_at IS NULL",
                           user, notify::by_webhook);
        return connection.execute("DELETE FROM webhooks WHERE user_id = $1", user).changed() > 0;
    });
}

} // namespace mp3conv::db::postgres
