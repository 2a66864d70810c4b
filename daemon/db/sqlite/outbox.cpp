#include "daemon/db/sqlite/outbox.hpp"

#include "daemon/db/sqlite/file_row.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr const char *take_due = R"sql(
UPDATE outbox SET attempt = attempt + 1, due_at = :lease_until, sender = :sender
WHERE id = (
    SELECT id FROM outbox
    WHERE sent_at IS NULL AND gave_up_at IS NULL AND sender <> :sender
      AND (attempt = 0 OR due_at NOT BETWEEN :now + 1 AND :latest)
    ORDER BY due_at LIMIT 1)
RETURNING id, file_id, attempt
)sql";

notify::Notice read_notice(SQLite::Database &connection, int64_t id, const std::string &file_id,
                           int attempt) {
    SQLite::Statement row{connection, std::string{"SELECT "} + file_columns +
                                          ", email FROM files JOIN users ON users.id = owner "
                                          "WHERE files.id = ?"};
    row.bind(1, file_id);
    row.executeStep(); // there by its foreign key
    return {id, row.getColumn(file_column_count).getString(), read_file_object(row), attempt};
}

} // namespace

std::optional<notify::Notice> SqliteOutbox::reserve(const std::string &sender,
                                                    std::chrono::seconds lease) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) -> std::optional<notify::Notice> {
        SQLite::Statement row{connection, take_due};
        row.bind(":sender", sender);
        row.bind(":lease_until", to_column(now + lease));
        row.bind(":now", to_column(now));
        row.bind(":latest", to_column(now + longest_delay));
        if (!row.executeStep()) return std::nullopt;
        const auto id = row.getColumn(0).getInt64();
        const auto file_id = row.getColumn(1).getString();
        const auto attempt = row.getColumn(2).getInt();
        row.reset(); // lets the transaction commit
        return read_notice(connection, id, file_id, attempt);
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
        return execute(connection, "UPDATE outbox SET sent_at = ?, last_error = NULL WHERE id = ?",
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
                       "UPDATE outbox SET gave_up_at = ?, sender = '', last_error = ? WHERE id = ?",
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
                              "SELECT outbox.id, file_id, email, outbox.attempt, outbox.due_at, "
                              "gave_up_at IS NOT NULL, coalesce(last_error, '') FROM outbox "
                              "JOIN files ON files.id = file_id JOIN users ON users.id = owner "
                              "WHERE sent_at IS NULL ORDER BY outbox.id LIMIT ?"};
        row.bind(1, limit);
        std::vector<notify::OutboxLine> lines;
        while (row.executeStep()) {
            lines.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                             row.getColumn(2).getString(), row.getColumn(3).getInt(),
                             time_from(row.getColumn(4)), row.getColumn(5).getInt() != 0,
                             row.getColumn(6).getString()});
        }
        return lines;
    });
}

bool SqliteOutbox::retry(int64_t id) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE outbox SET due_at = ?, attempt = 0, gave_up_at = NULL "
                       "WHERE id = ? AND sent_at IS NULL",
                       to_column(clock_.now()), id) > 0;
    });
}

} // namespace mp3conv::db::sqlite
