#include "daemon/db/postgres/uploads.hpp"

#include "daemon/db/postgres/file_row.hpp"
#include "daemon/db/postgres/usage.hpp"

namespace mp3conv::db::postgres {
namespace {

constexpr int expired_at_a_time = 100;

constexpr const char *select_upload = R"sql(
SELECT id, owner, name, options, source_blob, state = 'uploading', upload_partial,
    CASE WHEN state = 'uploading' THEN upload_offset ELSE source_bytes END,
    CASE WHEN state = 'uploading' THEN upload_length ELSE source_bytes END, upload_expires_at,
    upload_bookmark
FROM files WHERE id = $1 AND owner = $2
)sql";

queue::Upload read_upload(Row row) {
    queue::Upload upload;
    upload.file.id = row.text(0);
    upload.file.owner = system::UserId{row.integer(1)};
    upload.file.name = row.text(2);
    upload.file.options = options_from(row.text(3));
    upload.file.source_blob = row.text(4);
    upload.is_open = row.flag(5);
    upload.is_partial = row.flag(6);
    upload.offset = static_cast<uint64_t>(row.integer(7));
    if (row.integer(8) >= 0) upload.length = static_cast<uint64_t>(row.integer(8));
    upload.expires_at = row.time(9);
    upload.bookmark = row.text(10);
    return upload;
}

} // namespace

void PostgresUploads::begin(const queue::Upload &upload) {
    const Time now = clock_.now();
    database_.write([&](Connection &connection) {
        lock_owner(connection, upload.file.owner);
        connection.execute(
            "INSERT INTO files (id, owner, name, options, state, created_at, due_at, source_blob, "
            "source_bytes, source_sha256, upload_partial, upload_offset, upload_length, "
            "upload_expires_at) VALUES "
            "($1, $2, $3, $4, 'uploading', $5, $5, $6, $7, '', $8, $9, $10, $11)",
            upload.file.id, upload.file.owner, upload.file.name,
            options_column(upload.file.options), now, upload.file.source_blob, reserved(upload),
            upload.is_partial, upload.offset, length_column(upload), upload.expires_at);
        if (!upload.is_partial) count_upload(connection, upload.file.owner, now);
        require_within(connection, upload.file.owner, upload.file.limits, now);
        return true;
    });
}

std::optional<queue::Upload> PostgresUploads::find(system::UserId owner, const std::string &id) {
    return database_.read([&](Connection &connection) -> std::optional<queue::Upload> {
        const auto found = connection.execute(select_upload, id, owner);
        if (found.empty()) return std::nullopt;
        return read_upload(found.front());
    });
}

bool PostgresUploads::advance(const queue::Upload &from, const queue::Upload &to) {
    return database_.write([&](Connection &connection) {
        return connection
                   .execute("UPDATE files SET upload_offset = $1, upload_length = $2, "
                            "source_bytes = $3, upload_expires_at = $4, upload_bookmark = $5 "
                            "WHERE id = $6 AND state = 'uploading' AND upload_offset = $7 "
                            "AND upload_bookmark = $8",
                            to.offset, length_column(to), reserved(to), to.expires_at, to.bookmark,
                            from.file.id, from.offset, from.bookmark)
                   .changed() > 0;
    });
}

std::optional<FileObject> PostgresUploads::finish(const queue::Upload &upload,
                                                  const std::string &sha256) {
    return database_.write([&](Connection &connection) -> std::optional<FileObject> {
        const auto queued = connection.execute(
            std::string{"UPDATE files SET state = 'queued', due_at = 0, source_bytes = $1, "
                        "source_sha256 = $2 WHERE id = $3 AND state = 'uploading' RETURNING "} +
                file_columns,
            upload.offset, sha256, upload.file.id);
        if (queued.empty()) return std::nullopt;
        return read_file_object(queued.front());
    });
}

std::vector<std::string> PostgresUploads::expire() {
    return database_.write([&](Connection &connection) {
        const auto gone = connection.execute(
            "DELETE FROM files WHERE seq IN (SELECT seq FROM files WHERE state = 'uploading' "
            "AND upload_expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING source_blob",
            clock_.now(), expired_at_a_time);
        std::vector<std::string> blobs;
        for (const Row row : gone) blobs.push_back(row.text(0));
        return blobs;
    });
}

} // namespace mp3conv::db::postgres
