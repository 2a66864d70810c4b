#pragma once

#include "daemon/db/sqlite/database.hpp"
#include "daemon/db/tables.hpp"

namespace mp3conv::db::sqlite {

class SqliteTables final : public TableReader {
public:
    explicit SqliteTables(Database &database) : database_{database} {}

    std::vector<Table> tables() override;
    void each_row(const Table &table, const std::function<void(const Cells &row)> &use) override;
    int64_t last_number(const Table &table) override;

private:
    Database &database_;
};

} // namespace mp3conv::db::sqlite
