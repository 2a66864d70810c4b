#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/db/tables.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

/// Whose the rows are is told by switches of their own: `copy-of-SOURCE` and, once daemons work on
/// them, `served`.
class PostgresTables final : public TableWriter {
public:
    PostgresTables(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    bool is_copy_of(const std::string &source) override;
    void reserve_for(const std::string &source) override;
    std::vector<CopiedTable> become_copy_of(const std::string &source, TableReader &rows) override;

    /// As db::Database::move_in.
    void move_in();

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
