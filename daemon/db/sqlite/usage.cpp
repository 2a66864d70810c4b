#include "daemon/db/sqlite/usage.hpp"

#include "daemon/db/rows.hpp"

namespace mp3conv::db::sqlite {
namespace {

uint64_t count_in(const SQLite::Column &column) {
    return static_cast<uint64_t>(column.getInt64());
}

} // namespace

queue::Usage read_usage(SQLite::Database &connection, system::UserId owner, Time now) {
    SQLite::Statement row{
        connection, "SELECT coalesce(sum(iif(source_blob IS NULL, 0, source_bytes) + "
                    "iif(mp3_blob IS NULL, 0, mp3_bytes)), 0), count(*), "
                    "count(*) FILTER (WHERE state IN ('queued', 'converting') "
                    "OR (state = 'uploading' AND NOT upload_partial)), "
                    "(SELECT iif(uploads_day = ?2, uploads_that_day, 0) FROM users WHERE id = ?1) "
                    "FROM files WHERE owner = ?1"};
    SQLite::bind(row, static_cast<int64_t>(owner), day_of(now));
    row.executeStep();
    return {count_in(row.getColumn(0)), count_in(row.getColumn(1)), count_in(row.getColumn(2)),
            count_in(row.getColumn(3))};
}

void count_upload(SQLite::Database &connection, system::UserId owner, Time now) {
    execute(connection,
            "UPDATE users SET uploads_that_day = iif(uploads_day = ?1, uploads_that_day, 0) + 1, "
            "uploads_day = ?1 WHERE id = ?2",
            day_of(now), static_cast<int64_t>(owner));
}

void require_within(SQLite::Database &connection, system::UserId owner, const queue::Limits &limits,
                    Time now) {
    queue::require_within(limits, read_usage(connection, owner, now), now);
}

} // namespace mp3conv::db::sqlite
