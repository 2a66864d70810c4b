#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/queue/overview.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresOverview final : public queue::Overview {
public:
    PostgresOverview(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    queue::Backlog backlog() override;
    void set_paused(bool paused) override;
    std::vector<queue::JobLine> list(std::optional<State> state, int limit) override;
    std::optional<system::UserId> owner_of(const std::string &id) override;
    std::vector<queue::NamedBlob> blobs_after(int64_t after) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
