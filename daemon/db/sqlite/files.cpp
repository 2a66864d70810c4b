#include "daemon/db/sqlite/files.hpp"

#include "daemon/db/sqlite/file_row.hpp"
#include "daemon/db/sqlite/usage.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr int expired_at_a_time = 100;

constexpr const char *forget_files = R"sql(
DELETE FROM files WHERE seq IN (
    SELECT seq FROM files
    WHERE mp3_blob IS NULL AND source_blob IS NULL AND finished_at < ?
      AND NOT EXISTS (SELECT 1 FROM outbox
                      WHERE file_id = files.id AND sent_at IS NULL AND gave_up_at IS NULL)
    LIMIT ?)
)sql";

std::string select_files(const std::string &rest) {
    return std::string{"SELECT "} + file_columns + ", seq FROM files " + rest;
}

/// One kind of blob that rows let go of when it is old enough: how to find it, how to forget it.
struct Expiry {
    const char *find;
    const char *forget;
};

constexpr Expiry done_mp3s{
    "SELECT seq, mp3_blob FROM files WHERE mp3_blob IS NOT NULL AND state = 'done' "
    "AND finished_at < ? LIMIT ?",
    "UPDATE files SET mp3_blob = NULL, state = 'expired' WHERE seq = ?"};
constexpr const char *forget_source = "UPDATE files SET source_blob = NULL WHERE seq = ?";
constexpr Expiry done_sources{"SELECT seq, source_blob FROM files WHERE source_blob IS NOT NULL "
                              "AND state IN ('done', 'expired') AND finished_at < ? LIMIT ?",
                              forget_source};
constexpr Expiry unconverted_sources{
    "SELECT seq, source_blob FROM files WHERE source_blob IS NOT NULL "
    "AND state IN ('failed', 'cancelled') AND finished_at < ? LIMIT ?",
    forget_source};

void let_go(SQLite::Database &connection, const Expiry &expiry, Time before,
            std::vector<std::string> &blobs) {
    std::vector<int64_t> rows;
    SQLite::Statement found{connection, expiry.find};
    SQLite::bind(found, to_column(before), expired_at_a_time);
    while (found.executeStep()) {
        rows.push_back(found.getColumn(0).getInt64());
        blobs.push_back(found.getColumn(1).getString());
    }
    for (const int64_t seq : rows) execute(connection, expiry.forget, seq);
}

/// @param row whose first columns are a file's two blobs.
void add_blobs(SQLite::Statement &row, std::vector<std::string> &blobs) {
    for (const auto &blob : {row.getColumn(0), row.getColumn(1)}) {
        if (!blob.isNull()) blobs.push_back(blob.getString());
    }
}

std::optional<uint64_t> own_limit(const SQLite::Column &column) {
    if (column.isNull()) return std::nullopt;
    return static_cast<uint64_t>(column.getInt64());
}

} // namespace

std::optional<queue::File> SqliteFiles::find(system::UserId owner, const std::string &id) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<queue::File> {
        SQLite::Statement row{connection, select_files("WHERE id = ? AND owner = ?")};
        SQLite::bind(row, id, static_cast<int64_t>(owner));
        if (!row.executeStep()) return std::nullopt;
        return queue::File{read_file_object(row, keep_mp3_),
                           row.getColumn(file_column_count - 1).getString()};
    });
}

std::optional<FileObject> SqliteFiles::find_by_key(system::UserId owner, const std::string &key) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<FileObject> {
        SQLite::Statement row{connection, select_files("WHERE owner = ? AND idempotency_key = ?")};
        SQLite::bind(row, static_cast<int64_t>(owner), key);
        if (!row.executeStep()) return std::nullopt;
        return read_file_object(row, keep_mp3_);
    });
}

queue::Page SqliteFiles::list(system::UserId owner, const queue::Listing &listing) {
    const int64_t before = seq_of_cursor(listing.cursor);
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{
            connection,
            select_files(
                "WHERE owner = ? AND seq < ? AND NOT upload_partial AND (?3 = '' OR state = ?3) "
                "AND (?4 = '' OR source_sha256 = ?4) AND files.id >= ? AND files.id < ? "
                "ORDER BY seq DESC LIMIT ?")};
        SQLite::bind(row, static_cast<int64_t>(owner), before,
                     listing.state ? std::string{to_string(*listing.state)} : std::string{},
                     listing.source_sha256, listing.prefix, end_of_prefix(listing.prefix),
                     listing.limit + 1);
        queue::Page page;
        int64_t last = 0;
        while (row.executeStep()) {
            if (page.files.size() == static_cast<size_t>(listing.limit)) {
                page.next = std::to_string(last);
                break;
            }
            page.files.push_back(read_file_object(row, keep_mp3_));
            last = row.getColumn(file_column_count).getInt64();
        }
        return page;
    });
}

queue::Usage SqliteFiles::usage(system::UserId owner) {
    return database_.read(
        [&](SQLite::Database &connection) { return read_usage(connection, owner, clock_.now()); });
}

queue::OwnLimits SqliteFiles::own_limits(system::UserId owner) {
    return database_.read([&](SQLite::Database &connection) -> queue::OwnLimits {
        SQLite::Statement row{
            connection,
            "SELECT quota_bytes, max_active, max_uploads_a_day FROM users WHERE id = ?"};
        row.bind(1, static_cast<int64_t>(owner));
        if (!row.executeStep()) return {};
        return {own_limit(row.getColumn(0)), own_limit(row.getColumn(1)),
                own_limit(row.getColumn(2))};
    });
}

void SqliteFiles::set_own_limits(system::UserId owner, const queue::OwnLimits &limits) {
    database_.write([&](SQLite::Database &connection) {
        SQLite::Statement statement{connection,
                                    "UPDATE users SET quota_bytes = :bytes, max_active = :active, "
                                    "max_uploads_a_day = :uploads WHERE id = :id"};
        bind_or_null(statement, ":bytes", limits.bytes);
        bind_or_null(statement, ":active", limits.active);
        bind_or_null(statement, ":uploads", limits.uploads_a_day);
        statement.bind(":id", static_cast<int64_t>(owner));
        return statement.exec();
    });
}

bool SqliteFiles::cancel(system::UserId owner, const std::string &id) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE files SET state = 'cancelled', progress = NULL, "
                       "finished_at = coalesce(finished_at, ?) WHERE id = ? AND owner = ? "
                       "AND state IN ('queued', 'converting', 'cancelled')",
                       to_column(clock_.now()), id, static_cast<int64_t>(owner)) > 0;
    });
}

bool SqliteFiles::retry(system::UserId owner, const std::string &id, const queue::Limits &limits) {
    return database_.write([&](SQLite::Database &connection) {
        const bool queued =
            execute(connection,
                    "UPDATE files SET state = 'queued', due_at = 0, tries = 0, finished_at = NULL, "
                    "error_code = NULL, error_detail = NULL, error_retryable = NULL "
                    "WHERE id = ? AND owner = ? AND state IN ('failed', 'cancelled') "
                    "AND source_blob IS NOT NULL",
                    id, static_cast<int64_t>(owner)) > 0;
        // A letter about the failure that is not out yet would be wrong by now.
        if (queued) {
            execute(connection, "DELETE FROM outbox WHERE file_id = ? AND sent_at IS NULL", id);
            require_within(connection, owner, limits, clock_.now());
        }
        return queued;
    });
}

std::optional<std::vector<std::string>> SqliteFiles::remove(system::UserId owner,
                                                            const std::string &id) {
    return database_.write(
        [&](SQLite::Database &connection) -> std::optional<std::vector<std::string>> {
            SQLite::Statement row{connection, "DELETE FROM files WHERE id = ? AND owner = ? "
                                              "RETURNING source_blob, mp3_blob"};
            SQLite::bind(row, id, static_cast<int64_t>(owner));
            if (!row.executeStep()) return std::nullopt;
            std::vector<std::string> blobs;
            add_blobs(row, blobs);
            row.reset(); // lets the transaction commit
            return blobs;
        });
}

std::vector<std::string> SqliteFiles::remove_all(system::UserId owner) {
    return database_.write([&](SQLite::Database &connection) {
        std::vector<std::string> blobs;
        SQLite::Statement row{connection,
                              "DELETE FROM files WHERE owner = ? RETURNING source_blob, mp3_blob"};
        SQLite::bind(row, static_cast<int64_t>(owner));
        while (row.executeStep()) add_blobs(row, blobs);
        row.reset(); // lets the transaction commit
        return blobs;
    });
}

std::vector<std::string> SqliteFiles::unnamed(const std::vector<std::string> &blobs) {
    return database_.read([&](SQLite::Database &connection) {
        // A blob's name starts with its file's ID.
        SQLite::Statement row{connection, "SELECT 1 FROM files WHERE id = ? AND "
                                          "(source_blob = ?2 OR mp3_blob = ?2)"};
        std::vector<std::string> rest;
        for (const auto &blob : blobs) {
            SQLite::bind(row, blob.substr(0, blob.find('.')), blob);
            if (!row.executeStep()) rest.push_back(blob);
            row.reset();
        }
        return rest;
    });
}

std::vector<std::string> SqliteFiles::expire(const queue::Horizon &horizon) {
    return database_.write([&](SQLite::Database &connection) {
        std::vector<std::string> blobs;
        let_go(connection, done_mp3s, horizon.mp3, blobs);
        let_go(connection, done_sources, horizon.source, blobs);
        let_go(connection, unconverted_sources, horizon.unconverted_source, blobs);
        return blobs;
    });
}

size_t SqliteFiles::forget(Time ended_before) {
    return database_.write([&](SQLite::Database &connection) {
        return static_cast<size_t>(
            execute(connection, forget_files, to_column(ended_before), expired_at_a_time));
    });
}

} // namespace mp3conv::db::sqlite
