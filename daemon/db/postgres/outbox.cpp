#include "daemon/db/postgres/outbox.hpp"

#include <nlohmann/json.hpp>

#include "daemon/db/postgres/file_row.hpp"

namespace mp3conv::db::postgres {
namespace {

constexpr int forgotten_at_a_time = 100;

// What another sender takes at this moment is passed over, not waited for; so are users whose one
// notice at a time is under way, until its lease ran out.
constexpr const char *take_due = R"sql(
UPDATE outbox SET attempt = attempt + 1, due_at = $1, sender = $2
WHERE id = (
    SELECT id FROM outbox
    WHERE channel = $5 AND sent_at IS NULL AND gave_up_at IS NULL AND sender <> $2
      AND (attempt = 0 OR due_at NOT BETWEEN $3 + 1 AND $4)
      AND (NOT $6 OR user_id NOT IN (
          SELECT user_id FROM outbox
          WHERE channel = $5 AND sender <> '' AND sent_at IS NULL AND gave_up_at IS NULL
            AND (sender = $2 OR due_at BETWEEN $3 + 1 AND $4)))
    ORDER BY due_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING id, user_id, kind, channel, file_id, secret, useful_until, attempt
)sql";

std::string email_of(Connection &connection, system::UserId user) {
    const auto found = connection.execute("SELECT email FROM users WHERE id = $1", user);
    return found.empty() ? std::string{} : found.front().text(0); // removed meanwhile: none waits
}

std::optional<FileObject> find_file(Connection &connection, const std::string &id,
                                    KeepMp3 keep_mp3) {
    const auto found =
        connection.execute(std::string{"SELECT "} + file_columns + " FROM files WHERE id = $1", id);
    if (found.empty()) return std::nullopt;
    return read_file_object(found.front(), keep_mp3);
}

/// @param row of take_due.
notify::Notice read_notice(Connection &connection, Row row, KeepMp3 keep_mp3) {
    const system::UserId user{row.integer(1)};
    return {.id = row.integer(0),
            .kind = notify::kind_from(row.text(2)),
            .channel = row.text(3),
            .user = user,
            .email = email_of(connection, user),
            .file = find_file(connection, row.text(4), keep_mp3),
            .secret = row.text(5),
            .useful_until = row.maybe_time(6),
            .attempt = static_cast<int>(row.integer(7))};
}

/// Two who look at the same moment would not see what the other takes: one looks after the other.
void take_turns(Connection &connection, const std::string &channel) {
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", channel);
}

} // namespace

void leave_notice(Connection &connection, const notify::NewNotice &notice, Time now) {
    connection.execute("INSERT INTO outbox (user_id, kind, channel, file_id, secret, useful_until, "
                       "due_at) VALUES ($1, $2, $3, nullif($4, ''), nullif($5, ''), $6, $7)",
                       notice.user, to_string(notice.kind), notice.channel, notice.file_id,
                       notice.secret, notice.useful_until, now);
}

void withdraw_notices(Connection &connection, system::UserId user, notify::Kind kind) {
    connection.execute("DELETE FROM outbox WHERE user_id = $1 AND kind = $2 AND sent_at IS NULL",
                       user, to_string(kind));
}

void PostgresOutbox::leave(const notify::NewNotice &notice) {
    database_.write([&](Connection &connection) {
        leave_notice(connection, notice, clock_.now());
        return true;
    });
}

std::optional<notify::Notice> PostgresOutbox::reserve(const std::string &sender,
                                                      std::chrono::seconds lease,
                                                      const notify::Lane &lane) {
    const Time now = clock_.now();
    return database_.write([&](Connection &connection) -> std::optional<notify::Notice> {
        if (lane.is_one_a_user) take_turns(connection, lane.channel);
        const auto taken =
            connection.execute(take_due, now + lease, sender, now, now + longest_delay + clock_skew,
                               lane.channel, lane.is_one_a_user);
        if (taken.empty()) return std::nullopt;
        return read_notice(connection, taken.front(), keep_mp3_);
    });
}

void PostgresOutbox::give_up_others(const std::vector<std::string> &channels,
                                    const std::string &why) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "UPDATE outbox SET gave_up_at = $1, sender = '', last_error = $2, "
            "secret = CASE WHEN secret IS NOT NULL THEN '' END "
            "WHERE sent_at IS NULL AND gave_up_at IS NULL "
            "AND channel NOT IN (SELECT json_array_elements_text($3::json))",
            clock_.now(), why, nlohmann::json(channels).dump());
    });
}

void PostgresOutbox::reclaim(const std::string &sender) {
    database_.write([&](Connection &connection) {
        return connection.execute("UPDATE outbox SET due_at = 0, sender = '' "
                                  "WHERE sender = $1 AND sent_at IS NULL AND gave_up_at IS NULL",
                                  sender);
    });
}

void PostgresOutbox::sent(const notify::Notice &notice) {
    database_.write([&](Connection &connection) {
        return connection.execute("UPDATE outbox SET sent_at = $1, last_error = NULL, "
                                  "secret = CASE WHEN secret IS NOT NULL THEN '' END WHERE id = $2",
                                  clock_.now(), notice.id);
    });
}

void PostgresOutbox::postpone(const notify::Notice &notice, std::chrono::seconds delay,
                              const std::string &why) {
    const Time due = delay > delay.zero() ? clock_.now() + delay : Time{};
    database_.write([&](Connection &connection) {
        return connection.execute("UPDATE outbox SET due_at = $1, sender = '', last_error = $2 "
                                  "WHERE id = $3 AND attempt = $4",
                                  due, why, notice.id, notice.attempt);
    });
}

void PostgresOutbox::give_up(const notify::Notice &notice, const std::string &why) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "UPDATE outbox SET gave_up_at = $1, sender = '', last_error = $2, "
            "secret = CASE WHEN secret IS NOT NULL THEN '' END WHERE id = $3",
            clock_.now(), why, notice.id);
    });
}

notify::OutboxSize PostgresOutbox::size() {
    return database_.read([&](Connection &connection) {
        const auto counts = connection.execute(
            "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL), "
            "(SELECT count(*) FROM outbox WHERE gave_up_at IS NOT NULL)");
        return notify::OutboxSize{static_cast<uint64_t>(counts.front().integer(0)),
                                  static_cast<uint64_t>(counts.front().integer(1))};
    });
}

std::vector<notify::OutboxLine> PostgresOutbox::list(int limit) {
    return database_.read([&](Connection &connection) {
        const auto found = connection.execute(
            "SELECT outbox.id, kind, channel, file_id, email, attempt, due_at, "
            "gave_up_at IS NOT NULL, last_error FROM outbox JOIN users ON users.id = user_id "
            "WHERE sent_at IS NULL ORDER BY outbox.id LIMIT $1",
            limit);
        std::vector<notify::OutboxLine> lines;
        for (const Row row : found) {
            lines.push_back({.id = row.integer(0),
                             .kind = notify::kind_from(row.text(1)),
                             .channel = row.text(2),
                             .file_id = row.text(3),
                             .email = row.text(4),
                             .attempt = static_cast<int>(row.integer(5)),
                             .due_at = row.time(6),
                             .is_given_up = row.flag(7),
                             .last_error = row.text(8)});
        }
        return lines;
    });
}

bool PostgresOutbox::retry(int64_t id) {
    return database_.write([&](Connection &connection) {
        return connection
                   .execute("UPDATE outbox SET due_at = $1, attempt = 0, gave_up_at = NULL "
                            "WHERE id = $2 AND sent_at IS NULL AND secret IS DISTINCT FROM ''",
                            clock_.now(), id)
                   .changed() > 0;
    });
}

size_t PostgresOutbox::forget(Time ended_before) {
    return database_.write([&](Connection &connection) {
        return static_cast<size_t>(
            connection
                .execute("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox "
                         "WHERE coalesce(sent_at, gave_up_at) < $1 LIMIT $2)",
                         ended_before, forgotten_at_a_time)
                .changed());
    });
}

} // namespace mp3conv::db::postgres
