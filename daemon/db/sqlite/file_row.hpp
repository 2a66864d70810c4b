#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "daemon/db/rows.hpp"

namespace mp3conv::db::sqlite {

/// The columns of `files` that read_file_object reads, in its order.
extern const char *const file_columns;
/// How many those are: what a query selects besides starts at this column.
constexpr int file_column_count = 22;

/// @param row selects file_columns from its first column on.
FileObject read_file_object(SQLite::Statement &row, KeepMp3 keep_mp3 = {});

} // namespace mp3conv::db::sqlite
