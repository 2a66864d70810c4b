#include "daemon/db/postgres/usage.hpp"

#include "daemon/db/rows.hpp"

namespace mp3conv::db::postgres {
namespace {

// Files under way have bytes; how many there are without, from earlier days, makes no difference.
constexpr const char *select_limited = R"sql(
SELECT coalesce(sum(CASE WHEN source_blob IS NULL THEN 0 ELSE source_bytes END +
                    CASE WHEN mp3_blob IS NULL THEN 0 ELSE mp3_bytes END), 0)::bigint,
       count(*) FILTER (WHERE state IN ('queued', 'converting')
                        OR (state = 'uploading' AND NOT upload_partial)),
       (SELECT uploads_that_day FROM users WHERE id = $1 AND uploads_day = $2)
FROM files WHERE owner = $1 AND (source_blob IS NOT NULL OR mp3_blob IS NOT NULL)
)sql";

uint64_t count_in(Row row, int column) {
    return static_cast<uint64_t>(row.integer(column));
}

/// What limits are about.
queue::Usage read_limited(Connection &connection, system::UserId owner, Time now) {
    const auto found = connection.execute(select_limited, owner, day_of(now));
    return {.bytes = count_in(found.front(), 0),
            .active = count_in(found.front(), 1),
            .uploads_today = count_in(found.front(), 2)};
}

} // namespace

queue::Usage read_usage(Connection &connection, system::UserId owner, Time now) {
    auto usage = read_limited(connection, owner, now);
    usage.files = count_in(
        connection.execute("SELECT count(*) FROM files WHERE owner = $1", owner).front(), 0);
    return usage;
}

void lock_owner(Connection &connection, system::UserId owner) {
    connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", owner);
}

void count_upload(Connection &connection, system::UserId owner, Time now) {
    connection.execute("UPDATE users SET uploads_day = $1, uploads_that_day = "
                       "CASE WHEN uploads_day = $1 THEN uploads_that_day ELSE 0 END + 1 "
                       "WHERE id = $2",
                       day_of(now), owner);
}

void require_within(Connection &connection, system::UserId owner, const queue::Limits &limits,
                    Time now) {
    queue::require_within(limits, read_limited(connection, owner, now), now);
}

} // namespace mp3conv::db::postgres
