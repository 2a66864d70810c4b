#include "daemon/db/sqlite/attempt_store.hpp"

#include <algorithm>

namespace mp3conv::db::sqlite {
namespace {

using std::chrono::milliseconds;

auth::Tally find(SQLite::Database &connection, const auth::Subject &subject) {
    SQLite::Statement row{connection, "SELECT forgiven_at, not_before FROM attempts "
                                      "WHERE email = ? AND network = ?"};
    SQLite::bind(row, subject.email, subject.network);
    if (!row.executeStep()) return {};
    return {time_from(row.getColumn(0)), time_from(row.getColumn(1))};
}

void save(SQLite::Database &connection, const auth::Subject &subject, const auth::Tally &tally) {
    execute(connection,
            "INSERT INTO attempts (email, network, forgiven_at, not_before) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET forgiven_at = excluded.forgiven_at, "
            "not_before = excluded.not_before",
            subject.email, subject.network, to_column(tally.forgiven_at),
            to_column(tally.not_before));
}

} // namespace

milliseconds SqliteAttemptStore::begin(const std::vector<auth::Subject> &subjects) {
    return database_.write([&](SQLite::Database &connection) {
        const Time now = clock_.now();
        milliseconds wait{0};
        for (const auto &subject : subjects) {
            wait = std::max(wait, auth::delay(find(connection, subject), now));
        }
        if (wait.count() > 0) return wait;
        for (const auto &subject : subjects) {
            save(connection, subject,
                 auth::one_more(find(connection, subject), subject.allowance, now));
        }
        return wait;
    });
}

void SqliteAttemptStore::take_back(const std::vector<auth::Subject> &subjects) {
    database_.write([&](SQLite::Database &connection) {
        const Time now = clock_.now();
        for (const auto &subject : subjects) {
            const auto tally = find(connection, subject);
            if (tally.forgiven_at <= now) continue; // it was cleared meanwhile
            save(connection, subject, auth::one_less(tally, subject.allowance, now));
        }
        return true;
    });
}

void SqliteAttemptStore::clear(const std::string &email) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection, "DELETE FROM attempts WHERE email = ?", email);
    });
}

void SqliteAttemptStore::remember(system::UserId user, const std::string &network) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "INSERT INTO known_places (user_id, network, known_until) VALUES (?, ?, ?) "
                       "ON CONFLICT DO UPDATE SET known_until = excluded.known_until",
                       static_cast<int64_t>(user), network,
                       to_column(clock_.now() + place_is_known));
    });
}

bool SqliteAttemptStore::is_known(const std::string &email, const std::string &network) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, "SELECT 1 FROM known_places JOIN users ON "
                                          "users.id = user_id WHERE email = ? AND network = ? AND "
                                          "known_until > ?"};
        SQLite::bind(row, email, network, to_column(clock_.now()));
        return row.executeStep();
    });
}

void SqliteAttemptStore::sweep() {
    database_.write([&](SQLite::Database &connection) {
        const auto now = to_column(clock_.now());
        execute(connection, "DELETE FROM known_places WHERE known_until <= ?", now);
        return execute(connection,
                       "DELETE FROM attempts WHERE forgiven_at <= ? AND not_before <= ?", now, now);
    });
}

} // namespace mp3conv::db::sqlite
