#pragma once

#include "daemon/db/sqlite/database.hpp"
#include "daemon/queue/uploads.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::sqlite {

class SqliteUploads final : public queue::Uploads {
public:
    SqliteUploads(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    void begin(const queue::Upload &upload) override;
    std::optional<queue::Upload> find(system::UserId owner, const std::string &id) override;
    bool advance(const queue::Upload &from, const queue::Upload &to) override;
    std::optional<FileObject> finish(const queue::Upload &upload,
                                     const std::string &sha256) override;
    std::vector<std::string> expire() override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::sqlite
