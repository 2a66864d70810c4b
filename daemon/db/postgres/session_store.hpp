#pragma once

#include "daemon/auth/session_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresSessionStore final : public auth::SessionStore {
public:
    PostgresSessionStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    void begin(const auth::Session &session) override;
    std::optional<system::UserId> user_of(const std::string &id) override;
    bool is_allowed(const std::string &id) override;
    void end(const std::string &id) override;
    std::vector<auth::Session> named(system::UserId user) override;
    bool end_named(system::UserId user, const std::string &id) override;
    void end_all(system::UserId user) override;
    void sweep() override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
