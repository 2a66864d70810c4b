#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/notify/webhook_store.hpp"

namespace mp3conv::db::postgres {

/// Asks it in the transaction under way.
bool has_webhook(Connection &connection, system::UserId user);

class PostgresWebhookStore final : public notify::WebhookStore {
public:
    explicit PostgresWebhookStore(Database &database) : database_{database} {}

    std::optional<notify::Webhook> find(system::UserId user) override;
    void set(system::UserId user, const notify::Webhook &webhook) override;
    bool remove(system::UserId user) override;

private:
    Database &database_;
};

} // namespace mp3conv::db::postgres
