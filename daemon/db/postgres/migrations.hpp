#pragma once

#include "daemon/db/postgres/connection.hpp"

namespace mp3conv::db::postgres {

/// @return the schema version that this program writes.
int schema_version();

/// Brings the schema to that version, in the transaction under way; of several daemons that start
/// at the same time one does, and the others wait for it.
/// @throws Error{usage} for a database from a newer version; ServerError.
void migrate(Connection &connection);

} // namespace mp3conv::db::postgres
