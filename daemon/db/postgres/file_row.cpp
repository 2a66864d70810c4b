#include "daemon/db/postgres/file_row.hpp"

namespace mp3conv::db::postgres {

const char *const file_columns =
    "files.id, name, state, progress, files.created_at, finished_at, options, "
    "source_bytes, source_duration_s, source_format, source_codec, source_lost_s, "
    "source_truncated, mp3_bytes, mp3_duration_s, mp3_bitrate_bps, mp3_sha256, mp3_note, "
    "error_code, error_detail, error_retryable";

FileObject read_file_object(Row row, KeepMp3 keep_mp3) {
    FileObject file;
    file.id = row.text(0);
    file.name = row.text(1);
    file.state = state_from(row.text(2));
    file.progress = row.maybe_number(3);
    file.created_at = row.time(4);
    file.finished_at = row.maybe_time(5);
    note_expiry(file, keep_mp3);
    file.options = options_from(row.text(6));
    file.source = {static_cast<uint64_t>(row.integer(7)),
                   row.maybe_number(8),
                   row.maybe_text(9),
                   row.maybe_text(10),
                   row.maybe_number(11),
                   row.flag(12)};
    if (!row.is_null(13)) {
        file.mp3 = Mp3{static_cast<uint64_t>(row.integer(13)), row.number(14),
                       static_cast<int>(row.integer(15)), row.text(16), row.maybe_text(17)};
    }
    if (!row.is_null(18)) file.error = Failure{row.text(18), row.text(19), row.flag(20)};
    return file;
}

} // namespace mp3conv::db::postgres
