#pragma once

#include "daemon/db/sqlite/database.hpp"
#include "daemon/queue/overview.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::sqlite {

class SqliteOverview final : public queue::Overview {
public:
    SqliteOverview(Database &database, const system::Clock &clock) :
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

/// @return whether jobs are kept back; for a statement that hands them out.
bool is_paused(SQLite::Database &connection);

} // namespace mp3conv::db::sqlite
