#include "daemon/db/postgres/session_store.hpp"

namespace mp3conv::db::postgres {

void PostgresSessionStore::begin(const auth::Session &session) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "INSERT INTO sessions (id, user_id, expires_at, name, created_at) "
            "VALUES ($1, $2, $3, $4, $5)",
            session.id, session.user, session.expires_at, session.name, session.created_at);
    });
}

std::optional<system::UserId> PostgresSessionStore::user_of(const std::string &id) {
    return database_.read([&](Connection &connection) -> std::optional<system::UserId> {
        const auto found =
            connection.execute("SELECT user_id FROM sessions JOIN users ON users.id = user_id "
                               "WHERE sessions.id = $1 AND expires_at > $2 AND NOT disabled",
                               id, clock_.now());
        if (found.empty()) return std::nullopt;
        return system::UserId{found.front().integer(0)};
    });
}

bool PostgresSessionStore::is_allowed(const std::string &id) {
    return database_.read([&](Connection &connection) {
        return !connection
                    .execute("SELECT FROM sessions JOIN users ON users.id = user_id "
                             "WHERE sessions.id = $1 AND NOT disabled",
                             id)
                    .empty();
    });
}

void PostgresSessionStore::end(const std::string &id) {
    database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM sessions WHERE id = $1", id);
    });
}

std::vector<auth::Session> PostgresSessionStore::named(system::UserId user) {
    return database_.read([&](Connection &connection) {
        const auto found =
            connection.execute("SELECT id, expires_at, name, created_at FROM sessions "
                               "WHERE user_id = $1 AND name <> '' ORDER BY created_at",
                               user);
        std::vector<auth::Session> sessions;
        for (const Row row : found) {
            sessions.push_back({row.text(0), user, row.time(1), row.text(2), row.time(3)});
        }
        return sessions;
    });
}

bool PostgresSessionStore::end_named(system::UserId user, const std::string &id) {
    return database_.write([&](Connection &connection) {
        return connection
                   .execute("DELETE FROM sessions WHERE user_id = $1 AND id = $2 AND name <> ''",
                            user, id)
                   .changed() > 0;
    });
}

void PostgresSessionStore::end_all(system::UserId user) {
    database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM sessions WHERE user_id = $1", user);
    });
}

void PostgresSessionStore::sweep() {
    database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM sessions WHERE expires_at <= $1", clock_.now());
    });
}

} // namespace mp3conv::db::postgres
