#include "daemon/db/sqlite/user_store.hpp"

#include "daemon/db/sqlite/outbox.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr const char *by_email =
    "SELECT id, email, password_hash, disabled, verified, created_at FROM users WHERE email = ?";
constexpr const char *by_id =
    "SELECT id, email, password_hash, disabled, verified, created_at FROM users WHERE id = ?";
constexpr const char *all =
    "SELECT id, email, password_hash, disabled, verified, created_at FROM users ORDER BY email";

auth::User read_user(SQLite::Statement &row) {
    return {system::UserId{row.getColumn(0).getInt64()},
            row.getColumn(1).getString(),
            row.getColumn(2).getString(),
            row.getColumn(3).getInt() != 0,
            row.getColumn(4).getInt() != 0,
            time_from(row.getColumn(5))};
}

template <typename Key>
std::optional<auth::User> find_one(Database &database, const char *sql, const Key &key) {
    return database.read([&](SQLite::Database &connection) -> std::optional<auth::User> {
        SQLite::Statement row{connection, sql};
        row.bind(1, key);
        if (!row.executeStep()) return std::nullopt;
        return read_user(row);
    });
}

} // namespace

void set_password(SQLite::Database &connection, system::UserId user,
                  const std::string &password_hash) {
    const auto id = static_cast<int64_t>(user);
    execute(connection, "UPDATE users SET password_hash = ? WHERE id = ?", password_hash, id);
    execute(connection, "DELETE FROM sessions WHERE user_id = ?", id);
}

std::optional<system::UserId> put_verified(SQLite::Database &connection, const std::string &email,
                                           const std::string &password_hash, Time now) {
    SQLite::Statement row{connection,
                          "INSERT INTO users (email, password_hash, created_at) VALUES (?, ?, ?) "
                          "ON CONFLICT (email) DO UPDATE SET verified = 1, "
                          "password_hash = excluded.password_hash WHERE NOT verified "
                          "RETURNING id"};
    SQLite::bind(row, email, password_hash, to_column(now));
    if (!row.executeStep()) return std::nullopt;
    const system::UserId user{row.getColumn(0).getInt64()};
    row.reset(); // lets the transaction commit
    withdraw_notices(connection, user, notify::Kind::verify_email);
    return user;
}

std::optional<system::UserId> SqliteUserStore::add(const std::string &email,
                                                   const std::string &password_hash) {
    return database_.write([&](SQLite::Database &connection) {
        return put_verified(connection, email, password_hash, clock_.now());
    });
}

std::optional<auth::User> SqliteUserStore::find(const std::string &email) {
    return find_one(database_, by_email, email);
}

std::optional<auth::User> SqliteUserStore::find(system::UserId id) {
    return find_one(database_, by_id, static_cast<int64_t>(id));
}

std::vector<auth::User> SqliteUserStore::list() {
    return database_.read([&](SQLite::Database &connection) {
        std::vector<auth::User> users;
        SQLite::Statement row{connection, all};
        while (row.executeStep()) users.push_back(read_user(row));
        return users;
    });
}

void SqliteUserStore::set_password(system::UserId id, const std::string &password_hash) {
    database_.write([&](SQLite::Database &connection) {
        sqlite::set_password(connection, id, password_hash);
        return true;
    });
}

void SqliteUserStore::change_password(system::UserId id, const std::string &password_hash,
                                      const std::string &kept) {
    database_.write([&](SQLite::Database &connection) {
        const auto user = static_cast<int64_t>(id);
        execute(connection, "UPDATE users SET password_hash = ? WHERE id = ?", password_hash, user);
        return execute(connection,
                       "DELETE FROM sessions WHERE user_id = ? AND name = '' AND id <> ?", user,
                       kept);
    });
}

void SqliteUserStore::set_verified(system::UserId id) {
    database_.write([&](SQLite::Database &connection) {
        withdraw_notices(connection, id, notify::Kind::verify_email);
        return execute(connection, "UPDATE users SET verified = 1 WHERE id = ?",
                       static_cast<int64_t>(id));
    });
}

void SqliteUserStore::set_disabled(system::UserId id, bool disabled) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "UPDATE users SET disabled = ? WHERE id = ?",
                       static_cast<int>(disabled), static_cast<int64_t>(id));
    });
}

void SqliteUserStore::remove(system::UserId id) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM users WHERE id = ?", static_cast<int64_t>(id));
    });
}

} // namespace mp3conv::db::sqlite
