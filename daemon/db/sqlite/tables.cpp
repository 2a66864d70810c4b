#include "daemon/db/sqlite/tables.hpp"

namespace mp3conv::db::sqlite {
namespace {

// Those of SQLite itself begin so, as no other may (sqlite.org/lang_createtable.html).
constexpr const char *select_tables =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'";

Table describe(SQLite::Database &connection, const std::string &name) {
    Table table{.name = name};
    SQLite::Statement column{connection, "SELECT name, pk FROM pragma_table_info(?)"};
    column.bind(1, name);
    while (column.executeStep()) {
        table.columns.insert(column.getColumn(0).getString());
        if (column.getColumn(1).getInt() > 0) table.key.insert(column.getColumn(0).getString());
    }
    return table;
}

std::string joined(const std::set<std::string> &names) {
    std::string text;
    for (const auto &name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Cell read_cell(const SQLite::Column &column) {
    if (column.isInteger()) return column.getInt64();
    if (column.isFloat()) return column.getDouble();
    if (column.isText()) return column.getString();
    if (column.isBlob()) return Bytes{column.getString()};
    return {};
}

} // namespace

std::vector<Table> SqliteTables::tables() {
    return database_.read([](SQLite::Database &connection) {
        std::vector<Table> tables;
        SQLite::Statement name{connection, select_tables};
        while (name.executeStep()) {
            tables.push_back(describe(connection, name.getColumn(0).getString()));
        }
        return tables;
    });
}

void SqliteTables::each_row(const Table &table, const std::function<void(const Cells &row)> &use) {
    database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection,
                              "SELECT " + joined(table.columns) + " FROM " + table.name};
        Cells cells(table.columns.size());
        while (row.executeStep()) {
            for (size_t i = 0; i < cells.size(); ++i) {
                cells[i] = read_cell(row.getColumn(static_cast<int>(i)));
            }
            use(cells);
        }
    });
}

int64_t SqliteTables::last_number(const Table &table) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT seq FROM sqlite_sequence WHERE name = ?"};
        row.bind(1, table.name);
        return row.executeStep() ? row.getColumn(0).getInt64() : int64_t{0};
    });
}

} // namespace mp3conv::db::sqlite
