#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "common/units.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::db::sqlite {

/// One SQLite file: WAL, every commit flushed, foreign keys on. Each thread gets a connection of
/// its own, which lives as long as the database. Any thread may call.
class Database {
public:
    /// Opens the file, or makes it (mode 0600), and brings its schema up to date.
    /// @throws Error{usage} for a schema from a newer version; Error{busy}, Error{storage_full}.
    explicit Database(std::filesystem::path file);

    /// @return what `use` returns when called with the calling thread's connection.
    /// @throws Error{busy} or Error{storage_full} for what SQLite reports.
    template <typename Use>
    decltype(auto) read(Use &&use) {
        try {
            return std::forward<Use>(use)(connection());
        } catch (const SQLite::Exception &e) {
            translate(e);
        }
    }

    /// As `read`, in a transaction that writes; an exception rolls it back.
    template <typename Use>
    decltype(auto) write(Use &&use) {
        return read([&](SQLite::Database &connection) {
            SQLite::Transaction transaction{connection, SQLite::TransactionBehavior::IMMEDIATE};
            auto result = std::forward<Use>(use)(connection);
            transaction.commit();
            return result;
        });
    }

    /// As db::Database::copy_to.
    void copy_to(const std::filesystem::path &file, const std::function<void()> &meanwhile);

private:
    SQLite::Database &connection();
    [[noreturn]] static void translate(const SQLite::Exception &e);

    std::filesystem::path file_;
    system::Guarded<std::map<std::thread::id, std::unique_ptr<SQLite::Database>>> connections_;
};

/// Times are kept as milliseconds since 1970.
inline int64_t to_column(Time time) {
    return time.time_since_epoch().count();
}
inline Time time_from(const SQLite::Column &column) {
    return Time{std::chrono::milliseconds{column.getInt64()}};
}

template <typename T>
void bind_or_null(SQLite::Statement &statement, const char *name, const std::optional<T> &value) {
    if (!value) return statement.bind(name);
    if constexpr (std::is_unsigned_v<T>) {
        statement.bind(name, static_cast<int64_t>(*value));
    } else {
        statement.bind(name, *value);
    }
}

/// Runs one statement with its values bound in order. @return rows changed.
template <typename... Values>
int execute(SQLite::Database &connection, const char *sql, const Values &...values) {
    SQLite::Statement statement{connection, sql};
    SQLite::bind(statement, values...);
    return statement.exec();
}

} // namespace mp3conv::db::sqlite
