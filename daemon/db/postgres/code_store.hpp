#pragma once

#include "daemon/auth/code_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresCodeStore final : public auth::CodeStore {
public:
    PostgresCodeStore(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    auth::Waiting register_unverified(const auth::NewCode &code,
                                      const std::string &password_hash) override;
    bool verify(const std::string &email, const std::string &code_hash) override;
    void begin_reset(const auth::NewCode &code) override;
    bool reset(const std::string &email, const std::string &code_hash,
               const std::string &password_hash) override;
    void sweep(Time unverified_since) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
