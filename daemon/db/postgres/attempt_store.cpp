#include "daemon/db/postgres/attempt_store.hpp"

#include <algorithm>

namespace mp3conv::db::postgres {
namespace {

using std::chrono::milliseconds;

/// Keeps others from these tallies, those too that are not there yet, until the transaction ends.
/// All take them in the same order, so that none waits for another in a circle.
void lock(Connection &connection, const std::vector<auth::Subject> &subjects) {
    std::vector<std::string> names;
    for (const auto &subject : subjects) names.push_back(subject.email + '\n' + subject.network);
    std::sort(names.begin(), names.end());
    for (const auto &name : names) {
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name);
    }
}

auth::Tally find(Connection &connection, const auth::Subject &subject) {
    const auto found = connection.execute("SELECT forgiven_at, not_before FROM attempts "
                                          "WHERE email = $1 AND network = $2",
                                          subject.email, subject.network);
    if (found.empty()) return {};
    return {found.front().time(0), found.front().time(1)};
}

void save(Connection &connection, const auth::Subject &subject, const auth::Tally &tally) {
    connection.execute("INSERT INTO attempts (email, network, forgiven_at, not_before) "
                       "VALUES ($1, $2, $3, $4) ON CONFLICT (email, network) DO UPDATE "
                       "SET forgiven_at = excluded.forgiven_at, not_before = excluded.not_before",
                       subject.email, subject.network, tally.forgiven_at, tally.not_before);
}

} // namespace

milliseconds PostgresAttemptStore::begin(const std::vector<auth::Subject> &subjects) {
    return database_.write([&](Connection &connection) {
        lock(connection, subjects);
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

void PostgresAttemptStore::take_back(const std::vector<auth::Subject> &subjects) {
    database_.write([&](Connection &connection) {
        lock(connection, subjects);
        const Time now = clock_.now();
        for (const auto &subject : subjects) {
            const auto tally = find(connection, subject);
            if (tally.forgiven_at <= now) continue; // it was cleared meanwhile
            save(connection, subject, auth::one_less(tally, subject.allowance, now));
        }
        return true;
    });
}

void PostgresAttemptStore::clear(const std::string &email) {
    database_.write([&](Connection &connection) {
        return connection.execute("DELETE FROM attempts WHERE email = $1", email);
    });
}

void PostgresAttemptStore::remember(system::UserId user, const std::string &network) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "INSERT INTO known_places (user_id, network, known_until) VALUES ($1, $2, $3) "
            "ON CONFLICT (user_id, network) DO UPDATE SET known_until = excluded.known_until",
            user, network, clock_.now() + place_is_known);
    });
}

bool PostgresAttemptStore::is_known(const std::string &email, const std::string &network) {
    return database_.read([&](Connection &connection) {
        return !connection
                    .execute("SELECT FROM known_places JOIN users ON users.id = user_id "
                             "WHERE email = $1 AND network = $2 AND known_until > $3",
                             email, network, clock_.now())
                    .empty();
    });
}

void PostgresAttemptStore::sweep() {
    database_.write([&](Connection &connection) {
        const Time now = clock_.now();
        connection.execute("DELETE FROM known_places WHERE known_until <= $1", now);
        return connection.execute(
            "DELETE FROM attempts WHERE forgiven_at <= $1 AND not_before <= $1", now);
    });
}

} // namespace mp3conv::db::postgres
