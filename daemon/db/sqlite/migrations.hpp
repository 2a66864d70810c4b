#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

namespace mp3conv::db::sqlite {

/// @return the schema version that this program writes.
int schema_version();

/// Brings the schema to a version, each step in a transaction of its own. The version is SQLite's
/// `user_version`.
/// @param to this program's; one before it for who wants to see an upgrade.
/// @throws Error{usage} for a database from a newer version; SQLite::Exception.
void migrate(SQLite::Database &connection, int to = schema_version());

} // namespace mp3conv::db::sqlite
