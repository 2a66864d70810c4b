#pragma once

#include "daemon/db/sqlite/database.hpp"
#include "daemon/db/sqlite/file_row.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::sqlite {

class SqliteFiles final : public queue::Files {
public:
    SqliteFiles(Database &database, const system::Clock &clock, KeepMp3 keep_mp3) :
        database_{database},
        clock_{clock},
        keep_mp3_{keep_mp3} {}

    std::optional<queue::File> find(system::UserId owner, const std::string &id) override;
    std::optional<FileObject> find_by_key(system::UserId owner, const std::string &key) override;
    queue::Page list(system::UserId owner, const queue::Listing &listing) override;
    queue::Usage usage(system::UserId owner) override;
    queue::OwnLimits own_limits(system::UserId owner) override;
    void set_own_limits(system::UserId owner, const queue::OwnLimits &limits) override;
    bool cancel(system::UserId owner, const std::string &id) override;
    bool retry(system::UserId owner, const std::string &id, const queue::Limits &limits) override;
    std::optional<std::vector<std::string>> remove(system::UserId owner,
                                                   const std::string &id) override;
    std::vector<std::string> remove_all(system::UserId owner) override;
    std::vector<std::string> unnamed(const std::vector<std::string> &blobs) override;
    std::vector<std::string> expire(const queue::Horizon &horizon) override;
    size_t forget(Time ended_before) override;

private:
    Database &database_;
    const system::Clock &clock_;
    KeepMp3 keep_mp3_;
};

} // namespace mp3conv::db::sqlite
