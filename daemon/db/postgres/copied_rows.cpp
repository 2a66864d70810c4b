#include "daemon/db/postgres/copied_rows.hpp"

#include <algorithm>
#include <iterator>

#include "common/error.hpp"

namespace mp3conv::db::postgres {
namespace {

/// @return what `write` makes of each of the names.
template <typename Write>
std::string each(const std::set<std::string> &names, const std::string &between, Write &&write) {
    std::string text;
    for (const auto &name : names) text += (text.empty() ? "" : between) + write(name);
    return text;
}

std::string list(const std::set<std::string> &names, const std::string &table = {}) {
    return each(names, ", ", [&](const auto &name) { return table + name; });
}

/// As a condition: the row `its` of the copy is that of the table.
std::string same_key(const Table &table) {
    return each(table.key, " AND ",
                [&](const auto &name) { return table.name + '.' + name + " = its." + name; });
}

void add_escaped(std::string &line, std::string_view text) {
    constexpr std::string_view special = "\\\t\n\r";
    constexpr std::string_view letters = "\\tnr";
    for (const char c : text) {
        const size_t found = special.find(c);
        if (found == std::string_view::npos) {
            line += c;
        } else {
            (line += '\\') += letters[found];
        }
    }
}

Value value_of(const Cell &cell) {
    struct Convert {
        Value operator()(std::monostate) const { return {0, std::nullopt}; }
        Value operator()(const db::Bytes &bytes) const { return to_value(Bytes{bytes.bytes}); }
        Value operator()(int64_t number) const { return to_value(number); }
        Value operator()(double number) const { return to_value(number); }
        Value operator()(const std::string &text) const { return to_value(text); }
    };
    return std::visit(Convert{}, cell);
}

/// @source COPY in PostgreSQL's manual, "Text Format".
std::string line_of(const Cells &row) {
    std::string line;
    for (const auto &cell : row) {
        if (&cell != &row.front()) line += '\t';
        const auto value = value_of(cell);
        if (value.text) {
            add_escaped(line, *value.text);
        } else {
            line += "\\N";
        }
    }
    return line += '\n';
}

} // namespace

bool is_true(Connection &connection, const std::string &question) {
    return connection.execute("SELECT " + question).front().flag(0);
}

std::string copy_of(const Table &table) {
    return "copy_of_" + table.name;
}

int64_t fetch_rows(Connection &connection, const Table &table, TableReader &source) {
    const std::string columns = list(table.columns);
    connection.execute_all("CREATE TEMP TABLE " + copy_of(table) + " ON COMMIT DROP AS SELECT " +
                           columns + " FROM " + table.name + " LIMIT 0");
    const int64_t rows = connection.copy_in(
        "COPY " + copy_of(table) + " FROM STDIN", [&](const Connection::PutLine &put) {
            source.each_row(table, [&](const Cells &row) { put(line_of(row)); });
        });
    connection.execute_all("ANALYZE " + copy_of(table));
    return rows;
}

int64_t remove_rows(Connection &connection, const Table &table) {
    return connection
        .execute("DELETE FROM " + table.name + " WHERE NOT EXISTS (SELECT FROM " + copy_of(table) +
                 " AS its WHERE " + same_key(table) + ')')
        .changed();
}

int64_t change_rows(Connection &connection, const Table &table) {
    std::set<std::string> others;
    std::ranges::set_difference(table.columns, table.key, std::inserter(others, others.end()));
    const auto set = each(others, ", ", [](const auto &name) { return name + " = its." + name; });
    return connection
        .execute("UPDATE " + table.name + " SET " + set + " FROM " + copy_of(table) +
                 " AS its WHERE " + same_key(table) + " AND ROW(" + list(others, table.name + '.') +
                 ") IS DISTINCT FROM ROW(" + list(others, "its.") + ')')
        .changed();
}

int64_t add_rows(Connection &connection, const Table &table) {
    const std::string columns = list(table.columns);
    return connection
        .execute("INSERT INTO " + table.name + " (" + columns +
                 ") OVERRIDING SYSTEM VALUE SELECT " + columns + " FROM " + copy_of(table) +
                 " AS its WHERE NOT EXISTS (SELECT FROM " + table.name + " WHERE " +
                 same_key(table) + ')')
        .changed();
}

void require_equal(Connection &connection, const Table &table) {
    const auto rows_of = [&](const std::string &name) {
        return "(SELECT " + list(table.columns) + " FROM " + name + ')';
    };
    const auto lacks = [&](const std::string &left, const std::string &right) {
        return is_true(connection, "EXISTS (" + rows_of(left) + " EXCEPT " + rows_of(right) + ')');
    };
    if (!lacks(table.name, copy_of(table)) && !lacks(copy_of(table), table.name)) return;
    throw Error{Errc::internal,
                "rows of " + table.name + " came to differ from their source; nothing was copied"};
}

} // namespace mp3conv::db::postgres
