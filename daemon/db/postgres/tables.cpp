#include "daemon/db/postgres/tables.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "daemon/db/postgres/copied_rows.hpp"

namespace mp3conv::db::postgres {
namespace {

// All but the one that only this engine needs. Those to which others have foreign keys come first.
constexpr const char *select_tables = R"sql(
WITH RECURSIVE ours AS (
    SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relname <> 'schema_version'
      AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
),
depth(oid, steps) AS (
    SELECT oid, 0 FROM ours
    UNION
    SELECT conrelid, steps + 1 FROM depth JOIN pg_constraint ON confrelid = depth.oid
    WHERE contype = 'f' AND conrelid <> confrelid AND steps < 10
)
SELECT relname,
    (SELECT string_agg(attname, ',') FROM pg_attribute
     WHERE attrelid = ours.oid AND attnum > 0 AND NOT attisdropped),
    (SELECT string_agg(attname, ',') FROM pg_index JOIN pg_attribute
     ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = ours.oid AND indisprimary),
    (SELECT attname FROM pg_attribute WHERE attrelid = ours.oid AND attidentity <> '')
FROM ours JOIN depth USING (oid) GROUP BY ours.oid, relname ORDER BY max(steps), relname
)sql";

struct TargetTable : Table {
    std::string numbered; ///< the column whose numbers it makes by itself; empty where none
};
using TargetTables = std::vector<TargetTable>;

std::set<std::string> split(const std::string &names) {
    std::set<std::string> all;
    for (size_t start = 0; start < names.size();) {
        const size_t end = std::min(names.find(',', start), names.size());
        all.insert(names.substr(start, end - start));
        start = end + 1;
    }
    return all;
}

TargetTables describe(Connection &connection) {
    TargetTables tables;
    const auto found = connection.execute(select_tables);
    for (const Row row : found) {
        tables.push_back({{row.text(0), split(row.text(1)), split(row.text(2))}, row.text(3)});
    }
    return tables;
}

std::string mark_of(const std::string &source) {
    return "copy-of-" + source;
}

bool has_switch(Connection &connection, const std::string &name) {
    return !connection.execute("SELECT 1 FROM switches WHERE name = $1", name).empty();
}

bool has_rows(Connection &connection, const TargetTables &tables) {
    return std::ranges::any_of(tables, [&](const auto &table) {
        return is_true(connection, "EXISTS (SELECT FROM " + table.name + ')');
    });
}

/// @return whether a row was made that is no copy: it took a number.
bool has_own_rows(Connection &connection, const TargetTables &tables) {
    return std::ranges::any_of(tables, [&](const auto &table) {
        if (table.numbered.empty()) return false;
        const auto sequence =
            connection.execute("SELECT pg_get_serial_sequence($1, $2)", table.name, table.numbered);
        return is_true(connection, "is_called FROM " + sequence.front().text(0));
    });
}

/// @return whether it is reserved for that source. @throws Error{usage} for who is refused.
bool admit(Connection &connection, const TargetTables &tables, const std::string &source) {
    const auto refuse = [](const std::string &why) {
        throw Error{Errc::usage, "the database to copy to " + why + "; name one that is empty"};
    };
    if (has_switch(connection, "served")) refuse("has served a daemon already");
    const bool is_ours = has_switch(connection, mark_of(source));
    if (!is_ours && has_rows(connection, tables)) refuse("has rows of another installation");
    if (is_ours && has_own_rows(connection, tables)) {
        refuse("was given rows of its own since it became a copy");
    }
    return is_ours;
}

/// The next number is behind all that the source has given. Other than setval, this is undone where
/// the transaction is.
void continue_numbers(Connection &connection, const TargetTable &table, int64_t last) {
    if (table.numbered.empty()) return;
    const auto highest =
        connection.execute("SELECT coalesce(max(" + table.numbered + "), 0) FROM " + table.name);
    connection.execute_all("ALTER TABLE " + table.name + " ALTER COLUMN " + table.numbered +
                           " RESTART WITH " +
                           std::to_string(std::max(last, highest.front().integer(0)) + 1));
}

/// SQLite finds the next turn among its users.
void continue_turns(Connection &connection) {
    const auto next = connection.execute("SELECT coalesce(max(turn), 0) + 1 FROM users");
    connection.execute_all("ALTER SEQUENCE turns RESTART WITH " +
                           std::to_string(next.front().integer(0)));
}

} // namespace

bool PostgresTables::is_copy_of(const std::string &source) {
    return database_.write(
        [&](Connection &connection) { return admit(connection, describe(connection), source); });
}

void PostgresTables::reserve_for(const std::string &source) {
    database_.write([&](Connection &connection) {
        connection.execute_all("LOCK TABLE switches IN SHARE ROW EXCLUSIVE MODE");
        admit(connection, describe(connection), source);
        return connection.execute("INSERT INTO switches VALUES ($1, $2) ON CONFLICT DO NOTHING",
                                  mark_of(source), clock_.now());
    });
}

std::vector<CopiedTable> PostgresTables::become_copy_of(const std::string &source,
                                                        TableReader &rows) {
    return database_.write([&](Connection &connection) {
        // A daemon that begins to work here meanwhile waits until it is told so.
        connection.execute_all("LOCK TABLE switches IN SHARE ROW EXCLUSIVE MODE");
        const auto tables = describe(connection);
        require_same(rows.tables(), {tables.begin(), tables.end()});
        admit(connection, tables, source);
        std::vector<CopiedTable> done;
        for (const auto &table : tables) {
            done.push_back({.name = table.name, .rows = fetch_rows(connection, table, rows)});
        }
        connection.execute("INSERT INTO copy_of_switches (name, since) "
                           "SELECT name, since FROM switches WHERE name = $1",
                           mark_of(source));
        for (size_t i = tables.size(); i-- > 0;) {
            done[i].removed = remove_rows(connection, tables[i]);
        }
        for (size_t i = 0; i < tables.size(); ++i) {
            done[i].changed = change_rows(connection, tables[i]);
            done[i].added = add_rows(connection, tables[i]);
            continue_numbers(connection, tables[i], rows.last_number(tables[i]));
            require_equal(connection, tables[i]);
            connection.execute_all("ANALYZE " + tables[i].name);
        }
        continue_turns(connection);
        return done;
    });
}

void PostgresTables::move_in() {
    database_.write([&](Connection &connection) {
        connection.execute("DELETE FROM switches WHERE name LIKE 'copy-of-%'");
        return connection.execute("INSERT INTO switches VALUES ('served', $1) "
                                  "ON CONFLICT DO NOTHING",
                                  clock_.now());
    });
}

} // namespace mp3conv::db::postgres
