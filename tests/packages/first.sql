-- Takes a database back to the first release's schema, with the rows that fit in it, and lets one
-- conversion wait as that release queued it. The schema is that release's word for word: it stays as
-- it is, whatever becomes of daemon/db/sqlite/migrations.cpp.
--
--   sqlite3 first.db -cmd "ATTACH 'mp3conv.db' AS now" <first.sql
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

PRAGMA user_version = 1;

INSERT INTO users SELECT id, email, password_hash, disabled, created_at FROM now.users;
INSERT INTO sessions SELECT id, user_id, expires_at FROM now.sessions;
INSERT INTO files
    SELECT seq, id, owner, name, options, state, progress, created_at, finished_at, NULL,
        source_bytes, source_sha256, source_duration_s, source_format, source_codec, mp3_blob,
        mp3_bytes, mp3_duration_s, mp3_bitrate_bps, mp3_sha256, error_code, error_detail,
        error_retryable, due_at, lease_until, worker, attempt, tries
    FROM now.files;
INSERT INTO outbox SELECT id, file_id, due_at, attempt, sent_at, gave_up_at, last_error
    FROM now.outbox;
INSERT INTO files (id, owner, name, options, state, created_at, due_at, source_blob, source_bytes,
        source_sha256)
    SELECT '0wa1t1ng0wa1t1ng0wa1', owner, 'waiting.mp4', '{"preset":"voice"}', 'queued', created_at,
        due_at, '0wa1t1ng0wa1t1ng0wa1.source', source_bytes, source_sha256
    FROM now.files LIMIT 1;
