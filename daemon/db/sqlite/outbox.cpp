#include "daemon/db/sqlite/outbox.hpp"

#include <nlohmann/json.hpp>

#include "daemon/db/sqlite/file_row.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr int forgotten_at_a_time = 100;

// Users whose one notice at a time is under way are passed over, until its lease ran out.
constexpr const char *take_due = R"sql(
UPDATE outbox SET attempt = attempt + 1, due_at = :lease_until, sender = :sender
WHERE id = (
    SELECT id FROM outbox
    WHERE channel = :channel AND sent_at IS NULL AND gave_up_at IS NULL AND sender <> :sender
      AND (attempt = 0 OR due_at NOT BETWEEN :now + 1 AND :latest)
      AND (NOT :one_a_user OR user_id NOT IN (
          SELECT user_id FROM outbox
          WHERE channel = :channel AND sender <> '' AND sent_at IS NULL AND gave_up_at IS NULL
            AND (sender = :sender OR due_at BETWEEN :now + 1 AND :latest)))
    ORDER BY due_at LIMIT 1)
RETURNING id, user_id, kind, channel, coalesce(file_id, ''), coalesce(secret, ''),
    useful_until, attempt
)sql";

std::string email_of(SQLite::Database &connection, int64_t user) {
    SQLite::Statement row{connection, "SELECT email FROM users WHERE id = ?"};
    SQLite::bind(row, user);
    row.executeStep(); // there by its foreign key
    return row.getColumn(0).getString();
}

std::optional<FileObject> find_file(SQLite::Database &connection, const std::string &id,
                                    KeepMp3 keep_mp3) {
    SQLite::Statement row{connection,
                          std::string{"SELECT "} + file_columns + " FROM files WHERE id = ?"};
    SQLite::bind(row, id);
    if (!row.executeStep()) return std::nullopt;
    return read_file_object(row, keep_mp3);
}

/// What take_due returns, but for what is in other tables.
struct Taken {
    notify::Notice notice;
    std::string file_id;
};

Taken read_taken(SQLite::Statement &row) {
    notify::Notice notice{.id = row.getColumn(0).getInt64(),
                          .kind = notify::kind_from(row.getColumn(2).getString()),
                          .channel = row.getColumn(3).getString(),
                          .user = system::UserId{row.getColumn(1).getInt64()},
                          .email = {},
                          .secret = row.getColumn(5).getString(),
                          .attempt = row.getColumn(7).getInt()};
    if (!row.getColumn(6).isNull()) notice.useful_until = time_from(row.getColumn(6));
    return {std::move(notice), row.getColumn(4).getString()};
}

} // namespace

void leave_notice(SQLite::Database &connection, const notify::NewNotice &notice, Time now) {
    SQLite::Statement row{connection,
                          "INSERT INTO outbox (user_id, kind, channel, file_id, secret, "
                          "useful_until, due_at) VALUES "
                          "(?, ?, ?, nullif(?, ''), nullif(?, ''), ?, ?)"};
    SQLite::bind(row, static_cast<int64_t>(notice.user), std::string{to_string(notice.kind)},
                 notice.channel, notice.file_id, notice.secret);
    if (notice.useful_until) row.bind(6, to_column(*notice.useful_until));
    row.bind(7, to_column(now));
    row.exec();
}

void withdraw_notices(SQLite::Database &connection, system::UserId user, notify::Kind kind) {
    execute(connection, "DELETE FROM outbox WHERE user_id = ? AND kind = ? AND sent_at IS NULL",
            static_cast<int64_t>(user), std::string{to_string(kind)});
}

void SqliteOutbox::leave(const notify::NewNotice &notice) {
    database_.write([&](SQLite::Database &connection) {
        leave_notice(connection, notice, clock_.now());
        return true;
    });
}

std::optional<notify::Notice> SqliteOutbox::reserve(const std::string &sender,
                                                    std::chrono::seconds lease,
                                                    const notify::Lane &lane) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) -> std::optional<notify::Notice> {
        SQLite::Statement row{connection, take_due};
        row.bind(":sender", sender);
        row.bind(":channel", lane.channel);
        row.bind(":one_a_user", static_cast<int>(lane.is_one_a_user));
        row.bind(":lease_until", to_column(now + lease));
        row.bind(":now", to_column(now));
        row.bind(":latest", to_column(now + longest_delay));
        if (!row.executeStep()) return std::nullopt;
        auto [notice, file_id] = read_taken(row);
        row.reset(); // lets the transaction commit
        notice.email = email_of(connection, static_cast<int64_t>(notice.user));
        notice.file = find_file(connection, file_id, keep_mp3_);
        return notice;
    });
}

void SqliteOutbox::give_up_others(const std::vector<std::string> &channels,
                                  const std::string &why) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET gave_up_at = ?, sender = '', last_error = ?, "
                       "secret = iif(secret IS NULL, NULL, '') "
                       "WHERE sent_at IS NULL AND gave_up_at IS NULL "
                       "AND channel NOT IN (SELECT value FROM json_each(?))",
                       to_column(clock_.now()), why, nlohmann::json(channels).dump());
    });
}

void SqliteOutbox::reclaim(const std::string &sender) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET due_at = 0, sender = '' "
                       "WHERE sender = ? AND sent_at IS NULL AND gave_up_at IS NULL",
                       sender);
    });
}

void SqliteOutbox::sent(const notify::Notice &notice) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET sent_at = ?, last_error = NULL, "
                       "secret = iif(secret IS NULL, NULL, '') WHERE id = ?",
                       to_column(clock_.now()), notice.id);
    });
}

void SqliteOutbox::postpone(const notify::Notice &notice, std::chrono::seconds delay,
                            const std::string &why) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET due_at = ?, sender = '', last_error = ? "
                       "WHERE id = ? AND attempt = ?",
                       delay > delay.zero() ? to_column(clock_.now() + delay) : 0, why, notice.id,
                       notice.attempt);
    });
}

void SqliteOutbox::give_up(const notify::Notice &notice, const std::string &why) {
    database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET gave_up_at = ?, sender = '', last_error = ?, "
                       "secret = iif(secret IS NULL, NULL, '') WHERE id = ?",
                       to_column(clock_.now()), why, notice.id);
    });
}

notify::OutboxSize SqliteOutbox::size() {
    return database_.read([&](SQLite::Database &connection) {
        const auto count = [&](const char *where) {
            return static_cast<uint64_t>(
                connection.execAndGet(std::string{"SELECT count(*) FROM outbox WHERE "} + where)
                    .getInt64());
        };
        return notify::OutboxSize{count("sent_at IS NULL AND gave_up_at IS NULL"),
                                  count("gave_up_at IS NOT NULL")};
    });
}

std::vector<notify::OutboxLine> SqliteOutbox::list(int limit) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection,
                              "SELECT outbox.id, kind, channel, coalesce(file_id, ''), email, "
                              "attempt, due_at, gave_up_at IS NOT NULL, coalesce(last_error, '') "
                              "FROM outbox JOIN users ON users.id = user_id "
                              "WHERE sent_at IS NULL ORDER BY outbox.id LIMIT ?"};
        row.bind(1, limit);
        std::vector<notify::OutboxLine> lines;
        while (row.executeStep()) {
            lines.push_back({.id = row.getColumn(0).getInt64(),
                             .kind = notify::kind_from(row.getColumn(1).getString()),
                             .channel = row.getColumn(2).getString(),
                             .file_id = row.getColumn(3).getString(),
                             .email = row.getColumn(4).getString(),
                             .attempt = row.getColumn(5).getInt(),
                             .due_at = time_from(row.getColumn(6)),
                             .is_given_up = row.getColumn(7).getInt() != 0,
                             .last_error = row.getColumn(8).getString()});
        }
        return lines;
    });
}

bool SqliteOutbox::retry(int64_t id) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET due_at = ?, attempt = 0, gave_up_at = NULL "
                       "WHERE id = ? AND sent_at IS NULL AND secret IS NOT ''",
                       to_column(clock_.now()), id) > 0;
    });
}

size_t SqliteOutbox::forget(Time ended_before) {
    return database_.write([&](SQLite::Database &connection) {
        return static_cast<size_t>(execute(connection,
                                           "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox "
                                           "WHERE coalesce(sent_at, gave_up_at) < ? LIMIT ?)",
                                           to_column(ended_before), forgotten_at_a_time));
    });
}

} // namespace mp3conv::db::sqlite
