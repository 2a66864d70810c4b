#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

namespace mp3conv::db::sqlite {

/// Brings the schema to this program's version, each step in a transaction of its own. The version
/// is SQLite's `user_version`.
/// @throws Error{usage} for a database from a newer version; SQLite::Exception.
void migrate(SQLite::Database &connection);

/// @return the schema version that this program writes.
int schema_version();

} // namespace mp3conv::db::sqlite
