#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/queue/limits.hpp"

namespace mp3conv::db::postgres {

queue::Usage read_usage(Connection &connection, system::UserId owner, Time now);

/// For the begin of a transaction that gives an owner more: what others give the same owner waits
/// for its end, so that each sees what was there before it.
void lock_owner(Connection &connection, system::UserId owner);

/// Counts one more upload of today.
void count_upload(Connection &connection, system::UserId owner, Time now);

/// For the end of that transaction: where it is too much, it is undone.
/// @throws as queue::require_within.
void require_within(Connection &connection, system::UserId owner, const queue::Limits &limits,
                    Time now);

} // namespace mp3conv::db::postgres
