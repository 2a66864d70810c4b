#include "daemon/db/sqlite/migrations.hpp"

#include <array>
#include <string>

#include "common/error.hpp"

namespace mp3conv::db::sqlite {
namespace {

// A step is never changed once it was released: what follows is a new step.
constexpr std::array steps{
    R"sql(
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE files (
    seq               INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT NOT NULL UNIQUE,
    owner             INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    name              TEXT NOT NULL,
    options           TEXT NOT NULL,
    state             TEXT NOT NULL,
    progress          REAL,
    created_at        INTEGER NOT NULL,
    finished_at       INTEGER,
    source_blob       TEXT,
    source_bytes      INTEGER NOT NULL,
    source_sha256     TEXT NOT NULL,
    source_duration_s REAL,
    source_format     TEXT,
    source_codec      TEXT,
    mp3_blob          TEXT,
    mp3_bytes         INTEGER,
    mp3_duration_s    REAL,
    mp3_bitrate_bps   INTEGER,
    mp3_sha256        TEXT,
    error_code        TEXT,
    error_detail      TEXT,
    error_retryable   INTEGER,
    due_at            INTEGER NOT NULL,
    lease_until       INTEGER NOT NULL DEFAULT 0,
    worker            TEXT NOT NULL DEFAULT '',
    attempt           INTEGER NOT NULL DEFAULT 0,
    tries             INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX files_by_owner ON files (owner, seq);
CREATE INDEX files_active ON files (state, owner) WHERE state IN ('queued', 'converting');
CREATE INDEX files_ended ON files (state, finished_at)
    WHERE mp3_blob IS NOT NULL OR source_blob IS NOT NULL;

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id    TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    due_at     INTEGER NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    sent_at    INTEGER,
    gave_up_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX outbox_by_file ON outbox (file_id);
)sql",
    R"sql(
ALTER TABLE files ADD COLUMN source_lost_s REAL;
ALTER TABLE files ADD COLUMN mp3_note TEXT;
)sql",
    R"sql(
ALTER TABLE sessions ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN upload_partial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN upload_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN upload_length INTEGER NOT NULL DEFAULT -1;
ALTER TABLE files ADD COLUMN upload_expires_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN idempotency_key TEXT;
CREATE UNIQUE INDEX files_by_key ON files (owner, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX files_by_source ON files (owner, source_sha256);
CREATE INDEX files_uploading ON files (upload_expires_at) WHERE state = 'uploading';
)sql",
    R"sql(
ALTER TABLE files ADD COLUMN source_truncated INTEGER NOT NULL DEFAULT 0;
)sql",
    R"sql(
CREATE TABLE attempts (
    email       TEXT NOT NULL,
    network     TEXT NOT NULL,
    forgiven_at INTEGER NOT NULL,
    not_before  INTEGER NOT NULL,
    PRIMARY KEY (email, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_end ON attempts (forgiven_at);
CREATE TABLE known_places (
    user_id     INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    network     TEXT NOT NULL,
    known_until INTEGER NOT NULL,
    PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;
)sql",
    // A query that asks for one state has no use for an index of two.
    R"sql(
DROP INDEX files_active;
CREATE INDEX files_queued ON files (owner, seq) WHERE state = 'queued';
CREATE INDEX files_converting ON files (owner) WHERE state = 'converting';
)sql",
    R"sql(
ALTER TABLE outbox ADD COLUMN sender TEXT NOT NULL DEFAULT '';
)sql",
    R"sql(
CREATE TABLE switches (
    name  TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_given_up ON outbox (id) WHERE gave_up_at IS NOT NULL;
)sql",
    // Sources that are kept are not looked for among all MP3s that are.
    R"sql(
DROP INDEX files_ended;
CREATE INDEX files_with_mp3 ON files (finished_at) WHERE mp3_blob IS NOT NULL;
CREATE INDEX files_with_source ON files (state, finished_at)
    WHERE source_blob IS NOT NULL AND finished_at IS NOT NULL;
)sql",
    // A notice belongs to a user, and may be about something else than a file. Numbers go on where
    // they were: letters carry them.
    R"sql(
CREATE TABLE notices (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    channel      TEXT NOT NULL,
    file_id      TEXT REFERENCES files (id) ON DELETE CASCADE,
    secret       TEXT, -- NULL for none, '' once it is forgotten
    useful_until INTEGER,
    due_at       INTEGER NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 0,
    sender       TEXT NOT NULL DEFAULT '',
    sent_at      INTEGER,
    gave_up_at   INTEGER,
    last_error   TEXT
) STRICT;
INSERT INTO notices (id, user_id, kind, channel, file_id, due_at, attempt, sender, sent_at,
                     gave_up_at, last_error)
    SELECT outbox.id, owner, 'file_ended', 'mail', file_id, outbox.due_at, outbox.attempt, sender,
        sent_at, gave_up_at, last_error
    FROM outbox JOIN files ON files.id = file_id;
DELETE FROM sqlite_sequence WHERE name = 'notices';
INSERT INTO sqlite_sequence SELECT 'notices', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE notices RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX outbox_by_file ON outbox (file_id);
CREATE INDEX outbox_by_user ON outbox (user_id, kind);
CREATE INDEX outbox_given_up ON outbox (id) WHERE gave_up_at IS NOT NULL;
)sql",
    // Who had the last turn in the queue has the highest number.
    R"sql(
ALTER TABLE users ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_by_turn ON users (turn);
)sql",
    // Who is there by now counts as verified.
    R"sql(
ALTER TABLE users ADD COLUMN verified INTEGER NOT NULL DEFAULT 1;
CREATE INDEX users_unverified ON users (created_at) WHERE NOT verified;
CREATE TABLE codes (
    email      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    hash       TEXT NOT NULL, -- '' once it is used
    expires_at INTEGER NOT NULL,
    letters    INTEGER NOT NULL, -- that went out until then
    window_end INTEGER NOT NULL,
    PRIMARY KEY (email, kind)
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE invites (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       TEXT NOT NULL UNIQUE,
    note       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    used_by    INTEGER REFERENCES users ON DELETE SET NULL
) STRICT;
CREATE INDEX invites_by_user ON invites (used_by) WHERE used_by IS NOT NULL;
)sql",
    R"sql(
CREATE INDEX files_without_bytes ON files (finished_at)
    WHERE mp3_blob IS NULL AND source_blob IS NULL;
CREATE INDEX outbox_ended ON outbox (coalesce(sent_at, gave_up_at));
)sql",
    // Limits that differ from everybody's, and what was begun on the last day with an upload.
    R"sql(
ALTER TABLE users ADD COLUMN quota_bytes INTEGER;
ALTER TABLE users ADD COLUMN max_active INTEGER;
ALTER TABLE users ADD COLUMN max_uploads_a_day INTEGER;
ALTER TABLE users ADD COLUMN uploads_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN uploads_that_day INTEGER NOT NULL DEFAULT 0;
)sql",
    // What is due is looked for by channel, and whom a channel is busy with.
    R"sql(
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX outbox_held ON outbox (channel, user_id)
    WHERE sender <> '' AND sent_at IS NULL AND gave_up_at IS NULL;
)sql",
    R"sql(
CREATE TABLE webhooks (
    user_id    INTEGER PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    url        TEXT NOT NULL,
    key        BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
)sql",
    // Where the bytes of an upload are.
    "ALTER TABLE files ADD COLUMN upload_bookmark TEXT NOT NULL DEFAULT ''",
    // All that a user's limits are about.
    R"sql(
CREATE INDEX files_limited ON files
    (owner, state, upload_partial, source_blob, source_bytes, mp3_blob, mp3_bytes)
    WHERE source_blob IS NOT NULL OR mp3_blob IS NOT NULL;
)sql"};

int current_version(SQLite::Database &connection) {
    return connection.execAndGet("PRAGMA user_version").getInt();
}

void take_step(SQLite::Database &connection, int version) {
    SQLite::Transaction transaction{connection, SQLite::TransactionBehavior::IMMEDIATE};
    if (current_version(connection) >= version) return; // another process was faster
    connection.exec(steps.at(static_cast<size_t>(version - 1)));
    connection.exec("PRAGMA user_version = " + std::to_string(version));
    transaction.commit();
}

} // namespace

int schema_version() {
    return static_cast<int>(steps.size());
}

void migrate(SQLite::Database &connection, int to) {
    const int found = current_version(connection);
    if (found > schema_version()) {
        throw Error{Errc::usage, "the database is from a newer mp3convd (schema " +
                                     std::to_string(found) + ", this one knows " +
                                     std::to_string(schema_version()) +
                                     "); install that version or newer"};
    }
    for (int version = found + 1; version <= to; ++version) {
        take_step(connection, version);
    }
}

} // namespace mp3conv::db::sqlite
