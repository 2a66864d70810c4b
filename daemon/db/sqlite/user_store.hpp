#pragma once

#include "daemon/auth/user_store.hpp"
#include "daemon/db/sqlite/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::sqlite {

class SqliteUserStore final : public auth::UserStore {
public:
    SqliteUserStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    std::optional<system::UserId> add(const std::string &email,
                                      const std::string &password_hash) override;
    std::optional<auth::User> find(const std::string &email) override;
    std::optional<auth::User> find(system::UserId id) override;
    std::vector<auth::User> list() override;
    void set_password(system::UserId id, const std::string &password_hash) override;
    void set_disabled(system::UserId id, bool disabled) override;
    void remove(system::UserId id) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::sqlite
