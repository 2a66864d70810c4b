#include "daemon/db/sqlite/file_row.hpp"

#include "daemon/db/sqlite/database.hpp"

namespace mp3conv::db::sqlite {
namespace {

std::optional<std::string> text(const SQLite::Column &column) {
    if (column.isNull()) return std::nullopt;
    return column.getString();
}

std::optional<double> number(const SQLite::Column &column) {
    if (column.isNull()) return std::nullopt;
    return column.getDouble();
}

} // namespace

const char *const file_columns =
    "files.id, name, state, progress, files.created_at, finished_at, options, "
    "source_bytes, source_duration_s, source_format, source_codec, "
    "mp3_bytes, mp3_duration_s, mp3_bitrate_bps, mp3_sha256, "
    "error_code, error_detail, error_retryable, source_lost_s, mp3_note, "
    "source_truncated, mp3_blob";

FileObject read_file_object(SQLite::Statement &row, KeepMp3 keep_mp3) {
    FileObject file;
    file.id = row.getColumn(0).getString();
    file.name = row.getColumn(1).getString();
    file.state = state_from(row.getColumn(2).getString());
    file.progress = number(row.getColumn(3));
    file.created_at = time_from(row.getColumn(4));
    if (!row.getColumn(5).isNull()) file.finished_at = time_from(row.getColumn(5));
    note_expiry(file, keep_mp3);
    file.options = options_from(row.getColumn(6).getString());
    file.source = {static_cast<uint64_t>(row.getColumn(7).getInt64()),
                   number(row.getColumn(8)),
                   text(row.getColumn(9)),
                   text(row.getColumn(10)),
                   number(row.getColumn(18)),
                   row.getColumn(20).getInt() != 0};
    if (!row.getColumn(11).isNull()) {
        file.mp3 =
            Mp3{static_cast<uint64_t>(row.getColumn(11).getInt64()), row.getColumn(12).getDouble(),
                row.getColumn(13).getInt(), row.getColumn(14).getString(), text(row.getColumn(19))};
    }
    if (!row.getColumn(15).isNull()) {
        file.error = Failure{row.getColumn(15).getString(), row.getColumn(16).getString(),
                             row.getColumn(17).getInt() != 0};
    }
    return file;
}

} // namespace mp3conv::db::sqlite
