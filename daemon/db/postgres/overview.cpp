#include "daemon/db/postgres/overview.hpp"

#include "daemon/db/postgres/file_row.hpp"

namespace mp3conv::db::postgres {
namespace {

constexpr int rows_at_a_time = 500;

// Each state has an index of its own. What need not rest is due at 0.
constexpr const char *select_backlog = R"sql(
SELECT (SELECT count(*) FROM files WHERE state = 'uploading'),
       (SELECT count(*) FROM files WHERE state = 'queued'),
       (SELECT count(*) FROM files WHERE state = 'converting'),
       (SELECT min(greatest(due_at, created_at)) FROM files WHERE state = 'queued'),
       EXISTS (SELECT FROM switches WHERE name = 'queue-paused')
)sql";

// A source is named by its upload's row before its first byte is written.
constexpr const char *select_blobs = R"sql(
SELECT seq, id, source_blob,
       CASE WHEN state = 'uploading' THEN upload_offset ELSE source_bytes END,
       source_sha256, state = 'uploading', mp3_blob, mp3_bytes, mp3_sha256,
       upload_bookmark, state <> 'uploading' OR upload_offset = upload_length
FROM files WHERE seq > $1 AND (source_blob IS NOT NULL OR mp3_blob IS NOT NULL)
ORDER BY seq LIMIT $2
)sql";

uint64_t number(Row row, int column) {
    return static_cast<uint64_t>(row.integer(column));
}

} // namespace

queue::Backlog PostgresOverview::backlog() {
    return database_.read([&](Connection &connection) {
        const auto found = connection.execute(select_backlog);
        const Row row = found.front();
        return queue::Backlog{.uploading = number(row, 0),
                              .queued = number(row, 1),
                              .converting = number(row, 2),
                              .oldest_wait = waited(row.maybe_time(3), clock_.now()),
                              .is_paused = row.flag(4)};
    });
}

void PostgresOverview::set_paused(bool paused) {
    database_.write([&](Connection &connection) {
        return paused ? connection.execute("INSERT INTO switches VALUES ('queue-paused', $1) "
                                           "ON CONFLICT DO NOTHING",
                                           clock_.now())
                      : connection.execute("DELETE FROM switches WHERE name = 'queue-paused'");
    });
}

std::vector<queue::JobLine> PostgresOverview::list(std::optional<State> state, int limit) {
    return database_.read([&](Connection &connection) {
        const auto found =
            connection.execute(std::string{"SELECT "} + file_columns +
                                   ", email, tries FROM files JOIN users ON users.id = owner "
                                   "WHERE ($1 = '' OR state = $1) ORDER BY seq DESC LIMIT $2",
                               state ? to_string(*state) : std::string_view{}, limit);
        std::vector<queue::JobLine> lines;
        for (const Row row : found) {
            lines.push_back({read_file_object(row), row.text(file_column_count),
                             static_cast<int>(row.integer(file_column_count + 1))});
        }
        return lines;
    });
}

std::optional<system::UserId> PostgresOverview::owner_of(const std::string &id) {
    return database_.read([&](Connection &connection) -> std::optional<system::UserId> {
        const auto found = connection.execute("SELECT owner FROM files WHERE id = $1", id);
        if (found.empty()) return std::nullopt;
        return system::UserId{found.front().integer(0)};
    });
}

std::vector<queue::NamedBlob> PostgresOverview::blobs_after(int64_t after) {
    return database_.read([&](Connection &connection) {
        const auto found = connection.execute(select_blobs, after, rows_at_a_time);
        std::vector<queue::NamedBlob> blobs;
        for (const Row row : found) {
            const auto seq = row.integer(0);
            const auto id = row.text(1);
            if (!row.is_null(2)) {
                blobs.push_back({seq, id, row.text(2), number(row, 3), row.text(4), row.flag(5),
                                 row.text(9), row.flag(10)});
            }
            if (!row.is_null(6)) {
                blobs.push_back({seq, id, row.text(6), number(row, 7), row.text(8)});
            }
        }
        return blobs;
    });
}

} // namespace mp3conv::db::postgres
