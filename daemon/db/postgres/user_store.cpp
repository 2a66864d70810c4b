#include "daemon/db/postgres/user_store.hpp"

#include "daemon/db/postgres/outbox.hpp"

namespace mp3conv::db::postgres {
namespace {

std::string select_users(const char *rest) {
    return std::string{"SELECT id, email, password_hash, disabled, verified, created_at "
                       "FROM users "} +
           rest;
}

auth::User read_user(Row row) {
    return {system::UserId{row.integer(0)},
            row.text(1),
            row.text(2),
            row.flag(3),
            row.flag(4),
            row.time(5)};
}

template <typename Key>
std::optional<auth::User> find_one(Database &database, const char *where, const Key &key) {
    return database.read([&](Connection &connection) -> std::optional<auth::User> {
        const auto found = connection.execute(select_users(where), key);
        if (found.empty()) return std::nullopt;
        return read_user(found.front());
    });
}

} // namespace

void set_password(Connection &connection, system::UserId user, const std::string &password_hash) {
    connection.execute("UPDATE users SET password_hash = $1 WHERE id = $2", password_hash, user);
    connection.execute("DELETE FROM sessions WHERE user_id = $1", user);
}

std::optional<system::UserId> put_verified(Connection &connection, const std::string &email,
                                           const std::string &password_hash, Time now) {
    const auto put =
        connection.execute("INSERT INTO users (email, password_hash, created_at) "
                           "VALUES ($1, $2, $3) ON CONFLICT (email) DO UPDATE SET verified = true, "
                           "password_hash = excluded.password_hash WHERE NOT users.verified "
                           "RETURNING id",
                           email, password_hash, now);
    if (put.empty()) return std::nullopt;
    const system::UserId user{put.front().integer(0)};
    withdraw_notices(connection, user, notify::Kind::verify_email);
    return user;
}

std::optional<system::UserId> PostgresUserStore::add(const std::string &email,
                                                     const std::string &password_hash) {
    return database_.write([&](Connection &connection) {
        return put_verified(connection, email, password_hash, clock_.now());
    });
}

std::optional<auth::User> PostgresUserStore::find(const std::string &email) {
    return find_one(database_, "WHERE email = $1", email);
}

std::optional<auth::User> PostgresUserStore::find(system::UserId id) {
    return find_one(database_, "WHERE id = $1", id);
}

std::vector<auth::User> PostgresUserStore::list() {
    return database_.read([&](Connection &connection) {
        std::vector<auth::User> users;
        const auto found = connection.execute(select_users("ORDER BY email"));
        for (const Row row : found) users.push_back(read_user(row));
        return users;
    });
}

void PostgresUserStore::set_password(system::UserId id, const std::string &password_hash) {
    database_.write([&](Connection &connection) {
        postgres::set_password(connection, id, password_hash);
        return true;
    });
}

void PostgresUserStore::change_password(system::UserId id, const std::string &password_hash,
                                        const std::string &kept) {
    database_.write([&](Connection &connection) {
        connection.execute("UPDATE users SET password_hash = $1 WHERE id = $2", password_hash, id);
        return connection.execute(
            "DELETE FROM sessions WHERE user_id = $1 AND name = '' AND id <> $2", id, kept);
    });
}

void PostgresUserStore::set_verified(system::UserId id) {
    database_.write([&](Connection &connection) {
        withdraw_notices(connection, id, notify::Kind::verify_email);
        return connection.execute("UPDATE users SET verified = true WHERE id = $1", id);
    });
}

void PostgresUserStore::set_disabled(system::UserId id, bool disabled) {
    database_.write([&](Connection &connection) {
        return connection.execute("UPDATE users SET disabled = $1 WHERE id = $2", disabled, id);
    });
}

void PostgresUserStore::remove(system::UserId id) {
    database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM users WHERE id = $1", id);
    });
}

} // namespace mp3conv::db::postgres
