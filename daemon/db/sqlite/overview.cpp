#include "daemon/db/sqlite/overview.hpp"

#include "daemon/db/sqlite/file_row.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr int rows_at_a_time = 500;

// A source is named by its upload's row before its first byte is written.
constexpr const char *select_blobs = R"sql(
SELECT seq, id, source_blob, iif(state = 'uploading', upload_offset, source_bytes),
       source_sha256, state = 'uploading', mp3_blob, mp3_bytes, mp3_sha256,
       upload_bookmark, state <> 'uploading' OR upload_offset = upload_length
FROM files WHERE seq > ? AND (source_blob IS NOT NULL OR mp3_blob IS NOT NULL)
ORDER BY seq LIMIT ?
)sql";

uint64_t count_of(SQLite::Database &connection, const std::string &state) {
    // Each state has an index of its own only where the condition is written out.
    return static_cast<uint64_t>(
        connection.execAndGet("SELECT count(*) FROM files WHERE state = '" + state + "'")
            .getInt64());
}

std::chrono::seconds oldest_wait(SQLite::Database &connection, Time now) {
    // What need not rest is due at 0.
    const auto since = connection.execAndGet(
        "SELECT min(max(due_at, created_at)) FROM files WHERE state = 'queued'");
    return waited(since.isNull() ? std::nullopt : std::optional{time_from(since)}, now);
}

uint64_t number(const SQLite::Column &column) {
    return static_cast<uint64_t>(column.getInt64());
}

} // namespace

bool is_paused(SQLite::Database &connection) {
    SQLite::Statement row{connection, "SELECT 1 FROM switches WHERE name = 'queue-paused'"};
    return row.executeStep();
}

queue::Backlog SqliteOverview::backlog() {
    return database_.read([&](SQLite::Database &connection) {
        const SQLite::Transaction as_of_one_moment{connection};
        return queue::Backlog{.uploading = count_of(connection, "uploading"),
                              .queued = count_of(connection, "queued"),
                              .converting = count_of(connection, "converting"),
                              .oldest_wait = oldest_wait(connection, clock_.now()),
                              .is_paused = is_paused(connection)};
    });
}

void SqliteOverview::set_paused(bool paused) {
    database_.write([&](SQLite::Database &connection) {
        return paused ? execute(connection,
                                "INSERT OR IGNORE INTO switches VALUES ('queue-paused', ?)",
                                to_column(clock_.now()))
                      : execute(connection, "DELETE FROM switches WHERE name = 'queue-paused'");
    });
}

std::vector<queue::JobLine> SqliteOverview::list(std::optional<State> state, int limit) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection,
                              std::string{"SELECT "} + file_columns +
                                  ", email, tries FROM files JOIN users ON users.id = owner "
                                  "WHERE (?1 = '' OR state = ?1) ORDER BY seq DESC LIMIT ?"};
        SQLite::bind(row, state ? std::string{to_string(*state)} : std::string{}, limit);
        std::vector<queue::JobLine> lines;
        while (row.executeStep()) {
            lines.push_back({read_file_object(row), row.getColumn(file_column_count).getString(),
                             row.getColumn(file_column_count + 1).getInt()});
        }
        return lines;
    });
}

std::optional<system::UserId> SqliteOverview::owner_of(const std::string &id) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<system::UserId> {
        SQLite::Statement row{connection, "SELECT owner FROM files WHERE id = ?"};
        SQLite::bind(row, id);
        if (!row.executeStep()) return std::nullopt;
        return system::UserId{row.getColumn(0).getInt64()};
    });
}

std::vector<queue::NamedBlob> SqliteOverview::blobs_after(int64_t after) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement row{connection, select_blobs};
        SQLite::bind(row, after, rows_at_a_time);
        std::vector<queue::NamedBlob> blobs;
        while (row.executeStep()) {
            const auto seq = row.getColumn(0).getInt64();
            const auto id = row.getColumn(1).getString();
            if (!row.getColumn(2).isNull()) {
                blobs.push_back({seq, id, row.getColumn(2).getString(), number(row.getColumn(3)),
                                 row.getColumn(4).getString(), row.getColumn(5).getInt() != 0,
                                 row.getColumn(9).getString(), row.getColumn(10).getInt() != 0});
            }
            if (!row.getColumn(6).isNull()) {
                blobs.push_back({seq, id, row.getColumn(6).getString(), number(row.getColumn(7)),
                                 row.getColumn(8).getString()});
            }
        }
        return blobs;
    });
}

} // namespace mp3conv::db::sqlite
