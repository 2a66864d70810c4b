#pragma once

#include "daemon/auth/user_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

/// As auth::UserStore::add, in the transaction under way.
std::optional<system::UserId> put_verified(Connection &connection, const std::string &email,
                                           const std::string &password_hash, Time now);

/// Sets a password and ends all sessions, in the transaction under way.
void set_password(Connection &connection, system::UserId user, const std::string &password_hash);

class PostgresUserStore final : public auth::UserStore {
public:
    PostgresUserStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    std::optional<system::UserId> add(const std::string &email,
                                      const std::string &password_hash) override;
    std::optional<auth::User> find(const std::string &email) override;
    std::optional<auth::User> find(system::UserId id) override;
    std::vector<auth::User> list() override;
    void set_password(system::UserId id, const std::string &password_hash) override;
    void change_password(system::UserId id, const std::string &password_hash,
                         const std::string &kept) override;
    void set_verified(system::UserId id) override;
    void set_disabled(system::UserId id, bool disabled) override;
    void remove(system::UserId id) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
