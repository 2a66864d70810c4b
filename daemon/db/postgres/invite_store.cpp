#include "daemon/db/postgres/invite_store.hpp"

#include "daemon/db/postgres/user_store.hpp"

namespace mp3conv::db::postgres {

int64_t PostgresInviteStore::create(const std::string &code_hash, const std::string &note,
                                    Time expires_at) {
    return database_.write([&](Connection &connection) {
        return connection
            .execute("INSERT INTO invites (hash, note, created_at, expires_at) "
                     "VALUES ($1, $2, $3, $4) RETURNING id",
                     code_hash, note, clock_.now(), expires_at)
            .front()
            .integer(0);
    });
}

std::vector<auth::Invite> PostgresInviteStore::list() {
    return database_.read([&](Connection &connection) {
        const auto found =
            connection.execute("SELECT invites.id, note, invites.created_at, expires_at, "
                               "email, used_at IS NOT NULL FROM invites "
                               "LEFT JOIN users ON users.id = used_by ORDER BY invites.id");
        std::vector<auth::Invite> invites;
        for (const Row row : found) {
            invites.push_back(
                {row.integer(0), row.text(1), row.time(2), row.time(3), row.text(4), row.flag(5)});
        }
        return invites;
    });
}

bool PostgresInviteStore::revoke(int64_t id) {
    return database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM invites WHERE id = $1 AND used_at IS NULL", id)
                   .changed() > 0;
    });
}

bool PostgresInviteStore::is_good(const std::string &code_hash) {
    return database_.read([&](Connection &connection) {
        return !connection
                    .execute("SELECT FROM invites WHERE hash = $1 AND used_at IS NULL "
                             "AND expires_at > $2",
                             code_hash, clock_.now())
                    .empty();
    });
}

auth::Redemption PostgresInviteStore::redeem(const std::string &code_hash, const std::string &email,
                                             const std::string &password_hash) {
    const Time now = clock_.now();
    return database_.write([&](Connection &connection) {
        const auto invite =
            connection.execute("SELECT id FROM invites WHERE hash = $1 AND used_at IS NULL "
                               "AND expires_at > $2 FOR UPDATE",
                               code_hash, now);
        if (invite.empty()) return auth::Redemption::not_good;
        const auto user = put_verified(connection, email, password_hash, now);
        if (!user) return auth::Redemption::email_taken;
        connection.execute("UPDATE invites SET used_at = $1, used_by = $2 WHERE id = $3", now,
                           *user, invite.front().integer(0));
        return auth::Redemption::done;
    });
}

size_t PostgresInviteStore::forget(Time ended_before) {
    return database_.write([&](Connection &connection) {
        return static_cast<size_t>(
            connection
                .execute("DELETE FROM invites "
                         "WHERE least(expires_at, coalesce(used_at, expires_at)) < $1",
                         ended_before)
                .changed());
    });
}

} // namespace mp3conv::db::postgres
