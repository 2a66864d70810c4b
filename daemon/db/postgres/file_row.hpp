#pragma once

#include <chrono>
#include <optional>

#include "common/file_object.hpp"
#include "daemon/db/postgres/result.hpp"

namespace mp3conv::db::postgres {

/// The columns of `files` that read_file_object reads, in its order.
extern const char *const file_columns;
/// How many those are: what a query selects besides starts at this column.
constexpr int file_column_count = 21;

/// How long MP3s stay, from when they are made; absent where nobody is to be told.
using KeepMp3 = std::optional<std::chrono::seconds>;

/// @param row selects file_columns from its first column on.
FileObject read_file_object(Row row, KeepMp3 keep_mp3 = {});

/// Options are kept as JSON.
std::string options_column(const Options &options);
Options options_from(const std::string &column);

} // namespace mp3conv::db::postgres
