#include "daemon/db/sqlite/session_store.hpp"

namespace mp3conv::db::sqlite {

void SqliteSessionStore::begin(const auth::Session &session) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "INSERT INTO sessions (id, user_id, expires_at, name, created_at) VALUES "
                       "(?, ?, ?, ?, ?)",
                       session.id, static_cast<int64_t>(session.user),
                       to_column(session.expires_at), session.name, to_column(session.created_at));
    });
}

std::optional<system::UserId> SqliteSessionStore::user_of(const std::string &id) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<system::UserId> {
        SQLite::Statement row{connection, "SELECT user_id FROM sessions JOIN users ON "
                                          "users.id = user_id WHERE sessions.id = ? AND "
                                          "expires_at > ? AND NOT disabled"};
        SQLite::bind(row, id, to_column(clock_.now()));
        if (!row.executeStep()) return std::nullopt;
        return system::UserId{row.getColumn(0).getInt64()};
    });
}

bool SqliteSessionStore::is_allowed(const std::string &id) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT 1 FROM sessions JOIN users ON users.id = user_id "
                                          "WHERE sessions.id = ? AND NOT disabled"};
        row.bind(1, id);
        return row.executeStep();
    });
}

void SqliteSessionStore::end(const std::string &id) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM sessions WHERE id = ?", id);
    });
}

std::vector<auth::Session> SqliteSessionStore::named(system::UserId user) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT id, expires_at, name, created_at FROM sessions "
                                          "WHERE user_id = ? AND name <> '' ORDER BY created_at"};
        row.bind(1, static_cast<int64_t>(user));
        std::vector<auth::Session> sessions;
        while (row.executeStep()) {
            sessions.push_back({row.getColumn(0).getString(), user, time_from(row.getColumn(1)),
                                row.getColumn(2).getString(), time_from(row.getColumn(3))});
        }
        return sessions;
    });
}

bool SqliteSessionStore::end_named(system::UserId user, const std::string &id) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "DELETE FROM sessions WHERE user_id = ? AND id = ? AND name <> ''",
                       static_cast<int64_t>(user), id) > 0;
    });
}

void SqliteSessionStore::end_all(system::UserId user) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM sessions WHERE user_id = ?",
                       static_cast<int64_t>(user));
    });
}

void SqliteSessionStore::sweep() {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM sessions WHERE expires_at <= ?",
                       to_column(clock_.now()));
    });
}

} // namespace mp3conv::db::sqlite
