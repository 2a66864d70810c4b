#pragma once

#include "daemon/auth/attempt_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresAttemptStore final : public auth::AttemptStore {
public:
    PostgresAttemptStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    std::chrono::milliseconds begin(const std::vector<auth::Subject> &subjects) override;
    void take_back(const std::vector<auth::Subject> &subjects) override;
    void clear(const std::string &email) override;
    void remember(system::UserId user, const std::string &network) override;
    bool is_known(const std::string &email, const std::string &network) override;
    void sweep() override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
