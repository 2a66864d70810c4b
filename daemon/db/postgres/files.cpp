#include "daemon/db/postgres/files.hpp"

#include "daemon/db/postgres/file_row.hpp"
#include "daemon/db/postgres/usage.hpp"

namespace mp3conv::db::postgres {
namespace {

constexpr int expired_at_a_time = 100;

constexpr const char *forget_files = R"sql(
DELETE FROM files WHERE seq IN (
    SELECT seq FROM files
    WHERE mp3_blob IS NULL AND source_blob IS NULL AND finished_at < $1
      AND NOT EXISTS (SELECT FROM outbox
                      WHERE file_id = files.id AND sent_at IS NULL AND gave_up_at IS NULL)
    LIMIT $2)
)sql";

// One kind each of blob that rows let go of when it is old enough. What another machine lets go of
// at this moment is passed over.
constexpr const char *let_go_of_done_mp3s = R"sql(
WITH gone AS (
    SELECT seq, mp3_blob AS blob FROM files
    WHERE mp3_blob IS NOT NULL AND state = 'done' AND finished_at < $1
    LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE files SET mp3_blob = NULL, state = 'expired' FROM gone WHERE files.seq = gone.seq
RETURNING blob
)sql";
constexpr const char *let_go_of_done_sources = R"sql(
WITH gone AS (
    SELECT seq, source_blob AS blob FROM files
    WHERE source_blob IS NOT NULL AND state IN ('done', 'expired') AND finished_at < $1
    LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE files SET source_blob = NULL FROM gone WHERE files.seq = gone.seq
RETURNING blob
)sql";
constexpr const char *let_go_of_unconverted_sources = R"sql(
WITH gone AS (
    SELECT seq, source_blob AS blob FROM files
    WHERE source_blob IS NOT NULL AND state IN ('failed', 'cancelled') AND finished_at < $1
    LIMIT $2 FOR UPDATE SKIP LOCKED)
UPDATE files SET source_blob = NULL FROM gone WHERE files.seq = gone.seq
RETURNING blob
)sql";

std::string select_files(const char *rest) {
    return std::string{"SELECT "} + file_columns + ", mp3_blob, seq FROM files " + rest;
}

void let_go(Connection &connection, const char *sql, Time before, std::vector<std::string> &blobs) {
    const auto gone = connection.execute(sql, before, expired_at_a_time);
    for (const Row row : gone) blobs.push_back(row.text(0));
}

/// @param rows whose first columns are a file's two blobs.
std::vector<std::string> blobs_of(const Result &rows) {
    std::vector<std::string> blobs;
    for (const Row row : rows) {
        for (const int column : {0, 1}) {
            if (!row.is_null(column)) blobs.push_back(row.text(column));
        }
    }
    return blobs;
}

std::optional<uint64_t> own_limit(Row row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return static_cast<uint64_t>(row.integer(column));
}

} // namespace

std::optional<queue::File> PostgresFiles::find(system::UserId owner, const std::string &id) {
    return database_.read([&](Connection &connection) -> std::optional<queue::File> {
        const auto found =
            connection.execute(select_files("WHERE id = $1 AND owner = $2"), id, owner);
        if (found.empty()) return std::nullopt;
        return queue::File{read_file_object(found.front(), keep_mp3_),
                           found.front().text(file_column_count)};
    });
}

std::optional<FileObject> PostgresFiles::find_by_key(system::UserId owner, const std::string &key) {
    return database_.read([&](Connection &connection) -> std::optional<FileObject> {
        const auto found = connection.execute(
            select_files("WHERE owner = $1 AND idempotency_key = $2"), owner, key);
        if (found.empty()) return std::nullopt;
        return read_file_object(found.front(), keep_mp3_);
    });
}

queue::Page PostgresFiles::list(system::UserId owner, const queue::Listing &listing) {
    const int64_t before = seq_of_cursor(listing.cursor);
    return database_.read([&](Connection &connection) {
        const auto found = connection.execute(
            select_files("WHERE owner = $1 AND seq < $2 AND NOT upload_partial "
                         "AND ($3 = '' OR state = $3) AND ($4 = '' OR source_sha256 = $4) "
                         "AND files.id >= $5 AND files.id < $6 ORDER BY seq DESC LIMIT $7"),
            owner, before, listing.state ? to_string(*listing.state) : std::string_view{},
            listing.source_sha256, listing.prefix, end_of_prefix(listing.prefix),
            listing.limit + 1);
        queue::Page page;
        for (const Row row : found) {
            if (page.files.size() == static_cast<size_t>(listing.limit)) {
                page.next = found.row(listing.limit - 1).text(file_column_count + 1);
                break;
            }
            page.files.push_back(read_file_object(row, keep_mp3_));
        }
        return page;
    });
}

queue::Usage PostgresFiles::usage(system::UserId owner) {
    return database_.read(
        [&](Connection &connection) { return read_usage(connection, owner, clock_.now()); });
}

queue::OwnLimits PostgresFiles::own_limits(system::UserId owner) {
    return database_.read([&](Connection &connection) -> queue::OwnLimits {
        const auto found = connection.execute(
            "SELECT quota_bytes, max_active, max_uploads_a_day FROM users WHERE id = $1", owner);
        if (found.empty()) return {};
        const Row row = found.front();
        return {own_limit(row, 0), own_limit(row, 1), own_limit(row, 2)};
    });
}

void PostgresFiles::set_own_limits(system::UserId owner, const queue::OwnLimits &limits) {
    database_.write([&](Connection &connection) {
        return connection.execute("UPDATE users SET quota_bytes = $1, max_active = $2, "
                                  "max_uploads_a_day = $3 WHERE id = $4",
                                  limits.bytes, limits.active, limits.uploads_a_day, owner);
    });
}

bool PostgresFiles::cancel(system::UserId owner, const std::string &id) {
    return database_.write([&](Connection &connection) {
        return connection
                   .execute("UPDATE files SET state = 'cancelled', progress = NULL, "
                            "finished_at = coalesce(finished_at, $1) WHERE id = $2 AND owner = $3 "
                            "AND state IN ('queued', 'converting', 'cancelled')",
                            clock_.now(), id, owner)
                   .changed() > 0;
    });
}

bool PostgresFiles::retry(system::UserId owner, const std::string &id,
                          const queue::Limits &limits) {
    return database_.write([&](Connection &connection) {
        lock_owner(connection, owner);
        const bool queued =
            connection
                .execute("UPDATE files SET state = 'queued', due_at = 0, tries = 0, "
                         "finished_at = NULL, error_code = NULL, error_detail = NULL, "
                         "error_retryable = NULL WHERE id = $1 AND owner = $2 "
                         "AND state IN ('failed', 'cancelled') AND source_blob IS NOT NULL",
                         id, owner)
                .changed() > 0;
        // A letter about the failure that is not out yet would be wrong by now.
        if (queued) {
            connection.execute("DELETE FROM outbox WHERE file_id = $1 AND sent_at IS NULL", id);
            require_within(connection, owner, limits, clock_.now());
        }
        return queued;
    });
}

std::optional<std::vector<std::string>> PostgresFiles::remove(system::UserId owner,
                                                              const std::string &id) {
    return database_.write([&](Connection &connection) -> std::optional<std::vector<std::string>> {
        const auto removed = connection.execute(
            "DELETE FROM files WHERE id = $1 AND owner = $2 RETURNING source_blob, mp3_blob", id,
            owner);
        if (removed.empty()) return std::nullopt;
        return blobs_of(removed);
    });
}

std::vector<std::string> PostgresFiles::remove_all(system::UserId owner) {
    return database_.write([&](Connection &connection) {
        return blobs_of(connection.execute(
            "DELETE FROM files WHERE owner = $1 RETURNING source_blob, mp3_blob", owner));
    });
}

std::vector<std::string> PostgresFiles::unnamed(const std::vector<std::string> &blobs) {
    std::string names;
    for (const auto &blob : blobs) names += (names.empty() ? "" : " ") + blob;
    return database_.read([&](Connection &connection) {
        // A blob's name starts with its file's ID.
        std::vector<std::string> rest;
        for (const Row row : connection.execute(
                 "SELECT blob FROM unnest(string_to_array($1, ' ')) AS blob "
                 "WHERE NOT EXISTS (SELECT FROM files WHERE id = split_part(blob, '.', 1) "
                 "AND (source_blob = blob OR mp3_blob = blob))",
                 names)) {
            rest.push_back(row.text(0));
        }
        return rest;
    });
}

std::vector<std::string> PostgresFiles::expire(const queue::Horizon &horizon) {
    return database_.write([&](Connection &connection) {
        std::vector<std::string> blobs;
        let_go(connection, let_go_of_done_mp3s, horizon.mp3, blobs);
        let_go(connection, let_go_of_done_sources, horizon.source, blobs);
        let_go(connection, let_go_of_unconverted_sources, horizon.unconverted_source, blobs);
        return blobs;
    });
}

size_t PostgresFiles::forget(Time ended_before) {
    return database_.write([&](Connection &connection) {
        return static_cast<size_t>(
            connection.execute(forget_files, ended_before, expired_at_a_time).changed());
    });
}

} // namespace mp3conv::db::postgres
