#include "daemon/db/sqlite/invite_store.hpp"

#include "daemon/db/sqlite/user_store.hpp"

namespace mp3conv::db::sqlite {

int64_t SqliteInviteStore::create(const std::string &code_hash, const std::string &note,
                                  Time expires_at) {
    return database_.write([&](SQLite::Database &connection) {
        execute(connection,
                "INSERT INTO invites (hash, note, created_at, expires_at) VALUES (?, ?, ?, ?)",
                code_hash, note, to_column(clock_.now()), to_column(expires_at));
        return static_cast<int64_t>(connection.getLastInsertRowid());
    });
}

std::vector<auth::Invite> SqliteInviteStore::list() {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection,
                              "SELECT invites.id, note, invites.created_at, expires_at, "
                              "coalesce(email, ''), used_at IS NOT NULL FROM invites "
                              "LEFT JOIN users ON users.id = used_by ORDER BY invites.id"};
        std::vector<auth::Invite> invites;
        while (row.executeStep()) {
            invites.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                               time_from(row.getColumn(2)), time_from(row.getColumn(3)),
                               row.getColumn(4).getString(), row.getColumn(5).getInt() != 0});
        }
        return invites;
    });
}

bool SqliteInviteStore::revoke(int64_t id) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM invites WHERE id = ? AND used_at IS NULL", id) > 0;
    });
}

bool SqliteInviteStore::is_good(const std::string &code_hash) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT 1 FROM invites WHERE hash = ? AND "
                                          "used_at IS NULL AND expires_at > ?"};
        SQLite::bind(row, code_hash, to_column(clock_.now()));
        return row.executeStep();
    });
}

auth::Redemption SqliteInviteStore::redeem(const std::string &code_hash, const std::string &email,
                                           const std::string &password_hash) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT id FROM invites WHERE hash = ? AND "
                                          "used_at IS NULL AND expires_at > ?"};
        SQLite::bind(row, code_hash, to_column(now));
        if (!row.executeStep()) return auth::Redemption::not_good;
        const int64_t invite = row.getColumn(0).getInt64();
        row.reset(); // lets the transaction commit
        const auto user = put_verified(connection, email, password_hash, now);
        if (!user) return auth::Redemption::email_taken;
        execute(connection, "UPDATE invites SET used_at = ?, used_by = ? WHERE id = ?",
                to_column(now), static_cast<int64_t>(*user), invite);
        return auth::Redemption::done;
    });
}

size_t SqliteInviteStore::forget(Time ended_before) {
    return database_.write([&](SQLite::Database &connection) {
        return static_cast<size_t>(execute(connection,
                                           "DELETE FROM invites WHERE "
                                           "min(expires_at, coalesce(used_at, expires_at)) < ?",
                                           to_column(ended_before)));
    });
}

} // namespace mp3conv::db::sqlite
