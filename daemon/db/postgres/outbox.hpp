#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/db/postgres/file_row.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

/// Leaves a notice in the transaction under way.
void leave_notice(Connection &connection, const notify::NewNotice &notice, Time now);

/// Takes back what of that kind the user was not told yet, in the transaction under way.
void withdraw_notices(Connection &connection, system::UserId user, notify::Kind kind);

class PostgresOutbox final : public notify::Outbox {
public:
    PostgresOutbox(Database &database, const system::Clock &clock, KeepMp3 keep_mp3) :
        database_{database},
        clock_{clock},
        keep_mp3_{keep_mp3} {}

    void leave(const notify::NewNotice &notice) override;
    std::optional<notify::Notice> reserve(const std::string &sender, std::chrono::seconds lease,
                                          const notify::Lane &lane) override;
    void give_up_others(const std::vector<std::string> &channels, const std::string &why) override;
    void reclaim(const std::string &sender) override;
    void sent(const notify::Notice &notice) override;
    void postpone(const notify::Notice &notice, std::chrono::seconds delay,
                  const std::string &why) override;
    void give_up(const notify::Notice &notice, const std::string &why) override;
    notify::OutboxSize size() override;
    std::vector<notify::OutboxLine> list(int limit) override;
    bool retry(int64_t id) override;
    size_t forget(Time ended_before) override;

private:
    Database &database_;
    const system::Clock &clock_;
    KeepMp3 keep_mp3_;
};

} // namespace mp3conv::db::postgres
