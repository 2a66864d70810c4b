#include "daemon/db/postgres/usage.hpp"

#include "daemon/db/rows.hpp"

namespace mp3conv::db::postgres {
namespace {

constexpr const char *select_usage = R"sql(
SELECT coalesce(sum(CASE WHEN source_blob IS NULL THEN 0 ELSE source_bytes END +
                    CASE WHEN mp3_blob IS NULL THEN 0 ELSE mp3_bytes END), 0)::bigint,
       count(*),
       count(*) FILTER (WHERE state IN ('queued', 'converting')
                        OR (state = 'uploading' AND NOT upload_partial)),
       (SELECT uploads_that_day FROM users WHERE id = $1 AND uploads_day = $2)
FROM files WHERE owner = $1
)sql";

} // namespace

queue::Usage read_usage(Connection &connection, system::UserId owner, Time now) {
    const auto found = connection.execute(select_usage, owner, day_of(now));
    const auto count = [&](int column) {
        return static_cast<uint64_t>(found.front().integer(column));
    };
    return {count(0), count(1), count(2), count(3)};
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
    queue::require_within(limits, read_usage(connection, owner, now), now);
}

} // namespace mp3conv::db::postgres
