#include "daemon/db/sqlite/uploads.hpp"

#include "daemon/db/sqlite/file_row.hpp"
#include "daemon/db/sqlite/usage.hpp"

namespace mp3conv::db::sqlite {
namespace {

constexpr int expired_at_a_time = 100;

queue::Upload read_upload(SQLite::Statement &row) {
    queue::Upload upload;
    upload.file.id = row.getColumn(0).getString();
    upload.file.owner = system::UserId{row.getColumn(1).getInt64()};
    upload.file.name = row.getColumn(2).getString();
    upload.file.options = options_from(row.getColumn(3).getString());
    upload.file.source_blob = row.getColumn(4).getString();
    upload.is_open = row.getColumn(5).getString() == to_string(State::uploading);
    upload.is_partial = row.getColumn(6).getInt() != 0;
    upload.offset = static_cast<uint64_t>(row.getColumn(7).getInt64());
    const int64_t length = row.getColumn(8).getInt64();
    if (length >= 0) upload.length = static_cast<uint64_t>(length);
    upload.expires_at = time_from(row.getColumn(9));
    upload.bookmark = row.getColumn(10).getString();
    return upload;
}

} // namespace

void SqliteUploads::begin(const queue::Upload &upload) {
    const Time now = clock_.now();
    database_.write([&](SQLite::Database &connection) {
        execute(connection,
                "INSERT INTO files (id, owner, name, options, state, created_at, due_at, "
                "source_blob, source_bytes, source_sha256, upload_partial, upload_offset, "
                "upload_length, upload_expires_at) VALUES "
                "(?1, ?2, ?3, ?4, 'uploading', ?5, ?5, ?6, ?7, '', ?8, ?9, ?10, ?11)",
                upload.file.id, static_cast<int64_t>(upload.file.owner), upload.file.name,
                options_column(upload.file.options), to_column(now), upload.file.source_blob,
                reserved(upload), static_cast<int>(upload.is_partial),
                static_cast<int64_t>(upload.offset), length_column(upload),
                to_column(upload.expires_at));
        if (!upload.is_partial) count_upload(connection, upload.file.owner, now);
        require_within(connection, upload.file.owner, upload.file.limits, now);
        return true;
    });
}

std::optional<queue::Upload> SqliteUploads::find(system::UserId owner, const std::string &id) {
    return database_.read([&](SQLite::Database &connection) -> std::optional<queue::Upload> {
        SQLite::Statement row{
            connection, "SELECT id, owner, name, options, source_blob, state, upload_partial, "
                        "iif(state = 'uploading', upload_offset, source_bytes), "
                        "iif(state = 'uploading', upload_length, source_bytes), upload_expires_at, "
                        "upload_bookmark "
                        "FROM files WHERE id = ? AND owner = ?"};
        SQLite::bind(row, id, static_cast<int64_t>(owner));
        if (!row.executeStep()) return std::nullopt;
        return read_upload(row);
    });
}

bool SqliteUploads::advance(const queue::Upload &from, const queue::Upload &to) {
    return database_.write([&](SQLite::Database &connection) {
        return execute(connection,
                       "UPDATE files SET upload_offset = ?, upload_length = ?, source_bytes = ?, "
                       "upload_expires_at = ?, upload_bookmark = ? WHERE id = ? AND "
                       "state = 'uploading' AND upload_offset = ? AND upload_bookmark = ?",
                       static_cast<int64_t>(to.offset), length_column(to), reserved(to),
                       to_column(to.expires_at), to.bookmark, from.file.id,
                       static_cast<int64_t>(from.offset), from.bookmark) > 0;
    });
}

std::optional<FileObject> SqliteUploads::finish(const queue::Upload &upload,
                                                const std::string &sha256) {
    return database_.write([&](SQLite::Database &connection) -> std::optional<FileObject> {
        SQLite::Statement row{connection,
                              std::string{"UPDATE files SET state = 'queued', due_at = 0, "
                                          "source_bytes = ?, source_sha256 = ? "
                                          "WHERE id = ? AND state = 'uploading' RETURNING "} +
                                  file_columns};
        SQLite::bind(row, static_cast<int64_t>(upload.offset), sha256, upload.file.id);
        if (!row.executeStep()) return std::nullopt;
        const auto file = read_file_object(row);
        row.reset(); // lets the transaction commit
        return file;
    });
}

std::vector<std::string> SqliteUploads::expire() {
    return database_.write([&](SQLite::Database &connection) {
        std::vector<std::string> blobs;
        SQLite::Statement row{connection,
                              "DELETE FROM files WHERE seq IN (SELECT seq FROM files WHERE "
                              "state = 'uploading' AND upload_expires_at <= ? LIMIT ?) "
                              "RETURNING source_blob"};
        SQLite::bind(row, to_column(clock_.now()), expired_at_a_time);
        while (row.executeStep()) blobs.push_back(row.getColumn(0).getString());
        row.reset();
        return blobs;
    });
}

} // namespace mp3conv::db::sqlite
