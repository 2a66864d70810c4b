#pragma once

#include "daemon/auth/invite_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresInviteStore final : public auth::InviteStore {
public:
    PostgresInviteStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    int64_t create(const std::string &code_hash, const std::string &note, Time expires_at) override;
    std::vector<auth::Invite> list() override;
    bool revoke(int64_t id) override;
    bool is_good(const std::string &code_hash) override;
    auth::Redemption redeem(const std::string &code_hash, const std::string &email,
                            const std::string &password_hash) override;
    size_t forget(Time ended_before) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
