#include "daemon/db/sqlite/usage.hpp"

#include "daemon/db/rows.hpp"

namespace mp3conv::db::sqlite {
namespace {

uint64_t count_in(const SQLite::Column &column) {
    return static_cast<uint64_t>(column.getInt64());
}

/// What limits are about. Files under way have bytes; how many there are without, from earlier
/// days, makes no difference.
queue::Usage read_limited(SQLite::Database &connection, system::UserId owner, Time now) {
    SQLite::Statement row{
        connection, "SELECT coalesce(sum(iif(source_blob IS NULL, 0, source_bytes) + "
                    "iif(mp3_blob IS NULL, 0, mp3_bytes)), 0), "
                    "count(*) FILTER (WHERE state IN ('queued', 'converting') "
                    "OR (state = 'uploading' AND NOT upload_partial)), "
                    "(SELECT iif(uploads_day = ?2, uploads_that_day, 0) FROM users WHERE id = ?1) "
                    "FROM files WHERE owner = ?1 "
                    "AND (source_blob IS NOT NULL OR mp3_blob IS NOT NULL)"};
    SQLite::bind(row, static_cast<int64_t>(owner), day_of(now));
    row.executeStep();
    return {.bytes = count_in(row.getColumn(0)),
            .active = count_in(row.getColumn(1)),
            .uploads_today = count_in(row.getColumn(2))};
}

} // namespace

queue::Usage read_usage(SQLite::Database &connection, system::UserId owner, Time now) {
    auto usage = read_limited(connection, owner, now);
    SQLite::Statement row{connection, "SELECT count(*) FROM files WHERE owner = ?"};
    row.bind(1, static_cast<int64_t>(owner));
    row.executeStep();
    usage.files = count_in(row.getColumn(0));
    return usage;
}

void count_upload(SQLite::Database &connection, system::UserId owner, Time now) {
    execute(connection,
            "UPDATE users SET uploads_that_day = iif(uploads_day = ?1, uploads_that_day, 0) + 1, "
            "uploads_day = ?1 WHERE id = ?2",
            day_of(now), static_cast<int64_t>(owner));
}

void require_within(SQLite::Database &connection, system::UserId owner, const queue::Limits &limits,
                    Time now) {
    queue::require_within(limits, read_limited(connection, owner, now), now);
}

} // namespace mp3conv::db::sqlite
