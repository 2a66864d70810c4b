#pragma once

#include "daemon/db/sqlite/database.hpp"
#include "daemon/queue/limits.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::db::sqlite {

queue::Usage read_usage(SQLite::Database &connection, system::UserId owner, Time now);

/// Counts one more upload of today.
void count_upload(SQLite::Database &connection, system::UserId owner, Time now);

/// For the end of a transaction that gave an owner more: where that is too much, it is undone.
/// @throws as queue::require_within.
void require_within(SQLite::Database &connection, system::UserId owner, const queue::Limits &limits,
                    Time now);

} // namespace mp3conv::db::sqlite
