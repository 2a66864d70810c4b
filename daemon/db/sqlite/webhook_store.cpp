#include "daemon/db/sqlite/webhook_store.hpp"

#include "daemon/notify/outbox.hpp"

namespace mp3conv::db::sqlite {

bool has_webhook(SQLite::Database &connection, system::UserId user) {
    SQLite::Statement row{connection, "SELECT 1 FROM webhooks WHERE user_id = ?"};
    row.bind(1, static_cast<int64_t>(user));
    return row.executeStep();
}

std::optional<notify::Webhook> SqliteWebhookStore::find(system::UserId user) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<notify::Webhook> {
        SQLite::Statement row{connection,
                              "SELECT url, key, created_at FROM webhooks WHERE user_id = ?"};
        row.bind(1, static_cast<int64_t>(user));
        if (!row.executeStep()) return std::nullopt;
        return notify::Webhook{row.getColumn(0).getString(), row.getColumn(1).getString(),
                               time_from(row.getColumn(2))};
    });
}

void SqliteWebhookStore::set(system::UserId user, const notify::Webhook &webhook) {
    database_.write([&](SQLite::Database &connection) {
        SQLite::Statement row{connection,
                              "INSERT OR REPLACE INTO webhooks (user_id, url, created_at, key) "
                              "VALUES (?, ?, ?, ?)"};
        SQLite::bind(row, static_cast<int64_t>(user), webhook.url, to_column(webhook.created_at));
        row.bind(4, webhook.key.data(), static_cast<int>(webhook.key.size()));
        return row.exec();
    });
}

bool SqliteWebhookStore::remove(system::UserId user) {
    return database_.write([&](SQLite::Database &connection) {
        execute(connection,
                "DELETE FROM outbox WHERE user_id = ? AND channel = ? AND sent_at IS NULL",
                static_cast<int64_t>(user), notify::by_webhook);
        return execute(connection, "DELETE FROM webhooks WHERE user_id = ?",
                       static_cast<int64_t>(user)) > 0;
    });
}

} // namespace mp3conv::db::sqlite
