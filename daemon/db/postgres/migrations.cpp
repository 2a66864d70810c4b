#include "daemon/db/postgres/migrations.hpp"

#include <array>
#include <string>

#include "common/error.hpp"

namespace mp3conv::db::postgres {
namespace {

// A step is never changed once it was released: what follows is a new step. Names are compared byte
// by byte, whatever language the database is for; times are milliseconds since 1970.
constexpr std::array steps{
    R"sql(
CREATE SEQUENCE turns;
CREATE TABLE users (
    id                bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    email             text COLLATE "C" NOT NULL UNIQUE,
    password_hash     text NOT NULL,
    disabled          boolean NOT NULL DEFAULT false,
    verified          boolean NOT NULL DEFAULT true,
    created_at        bigint NOT NULL,
    turn              bigint NOT NULL DEFAULT 0, -- in the queue: the highest had the last one
    quota_bytes       bigint, -- limits that differ from everybody's
    max_active        bigint,
    max_uploads_a_day bigint,
    uploads_day       bigint NOT NULL DEFAULT 0, -- the last with an upload, from 1970 on
    uploads_that_day  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX users_unverified ON users (created_at) WHERE NOT verified;

CREATE TABLE sessions (
    id         text COLLATE "C" PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at bigint NOT NULL,
    name       text NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE attempts (
    email       text COLLATE "C" NOT NULL,
    network     text COLLATE "C" NOT NULL,
    forgiven_at bigint NOT NULL,
    not_before  bigint NOT NULL,
    PRIMARY KEY (email, network)
);
CREATE INDEX attempts_by_end ON attempts (forgiven_at);

CREATE TABLE known_places (
    user_id     bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    network     text COLLATE "C" NOT NULL,
    known_until bigint NOT NULL,
    PRIMARY KEY (user_id, network)
);

CREATE TABLE codes (
    email      text COLLATE "C" NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    hash       text COLLATE "C" NOT NULL, -- '' once it is used
    expires_at bigint NOT NULL,
    letters    integer NOT NULL, -- that went out until then
    window_end bigint NOT NULL,
    PRIMARY KEY (email, kind)
);

CREATE TABLE invites (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash       text COLLATE "C" NOT NULL UNIQUE,
    note       text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at    bigint,
    used_by    bigint REFERENCES users ON DELETE SET NULL
);
CREATE INDEX invites_by_user ON invites (used_by) WHERE used_by IS NOT NULL;

CREATE TABLE files (
    seq               bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id                text COLLATE "C" NOT NULL UNIQUE,
    owner             bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    name              text NOT NULL,
    options           text NOT NULL,
    state             text COLLATE "C" NOT NULL,
    progress          double precision,
    created_at        bigint NOT NULL,
    finished_at       bigint,
    source_blob       text COLLATE "C",
    source_bytes      bigint NOT NULL,
    source_sha256     text COLLATE "C" NOT NULL,
    source_duration_s double precision,
    source_format     text,
    source_codec      text,
    source_lost_s     double precision,
    source_truncated  boolean NOT NULL DEFAULT false,
    mp3_blob          text COLLATE "C",
    mp3_bytes         bigint,
    mp3_duration_s    double precision,
    mp3_bitrate_bps   integer,
    mp3_sha256        text COLLATE "C",
    mp3_note          text,
    error_code        text,
    error_detail      text,
    error_retryable   boolean,
    upload_partial    boolean NOT NULL DEFAULT false,
    upload_offset     bigint NOT NULL DEFAULT 0,
    upload_length     bigint NOT NULL DEFAULT -1,
    upload_expires_at bigint NOT NULL DEFAULT 0,
    idempotency_key   text COLLATE "C",
    due_at            bigint NOT NULL,
    lease_until       bigint NOT NULL DEFAULT 0,
    worker            text COLLATE "C" NOT NULL DEFAULT '',
    attempt           integer NOT NULL DEFAULT 0,
    tries             integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX files_by_owner ON files (owner, seq);
CREATE UNIQUE INDEX files_by_key ON files (owner, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX files_by_source ON files (owner, source_sha256);
CREATE INDEX files_uploading ON files (upload_expires_at) WHERE state = 'uploading';
CREATE INDEX files_queued ON files (owner, seq) WHERE state = 'queued';
CREATE INDEX files_converting ON files (owner) WHERE state = 'converting';
CREATE INDEX files_with_mp3 ON files (finished_at) WHERE mp3_blob IS NOT NULL;
CREATE INDEX files_with_source ON files (state, finished_at)
    WHERE source_blob IS NOT NULL AND finished_at IS NOT NULL;
CREATE INDEX files_without_bytes ON files (finished_at)
    WHERE mp3_blob IS NULL AND source_blob IS NULL;

CREATE TABLE outbox (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         text NOT NULL,
    channel      text NOT NULL,
    file_id      text COLLATE "C" REFERENCES files (id) ON DELETE CASCADE,
    secret       text, -- NULL for none, '' once it is forgotten
    useful_until bigint,
    due_at       bigint NOT NULL,
    attempt      integer NOT NULL DEFAULT 0,
    sender       text COLLATE "C" NOT NULL DEFAULT '',
    sent_at      bigint,
    gave_up_at   bigint,
    last_error   text
);
CREATE INDEX outbox_due ON outbox (channel, due_at, id)
    WHERE sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX outbox_held ON outbox (channel, user_id)
    WHERE sender <> '' AND sent_at IS NULL AND gave_up_at IS NULL;
CREATE INDEX outbox_by_file ON outbox (file_id);
CREATE INDEX outbox_by_user ON outbox (user_id, kind);
CREATE INDEX outbox_given_up ON outbox (id) WHERE gave_up_at IS NOT NULL;
CREATE INDEX outbox_ended ON outbox (coalesce(sent_at, gave_up_at));

CREATE TABLE webhooks (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    url        text NOT NULL,
    key        bytea NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE switches (
    name  text COLLATE "C" PRIMARY KEY,
    since bigint NOT NULL
);
)sql",
    // Where the bytes of an upload are.
    "ALTER TABLE files ADD COLUMN upload_bookmark text NOT NULL DEFAULT ''",
    // All that a user's limits are about.
    R"sql(
CREATE INDEX files_limited ON files (owner)
    INCLUDE (state, upload_partial, source_blob, source_bytes, mp3_blob, mp3_bytes)
    WHERE source_blob IS NOT NULL OR mp3_blob IS NOT NULL;
)sql"};

// Of a lock that nobody else takes: "mp3conv" as a number.
constexpr int64_t migration_lock = 0x6d7033636f6e76;

int current_version(Connection &connection) {
    connection.execute_all("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
    const auto found = connection.execute("SELECT version FROM schema_version");
    if (!found.empty()) return static_cast<int>(found.front().integer(0));
    connection.execute("INSERT INTO schema_version VALUES (0)");
    return 0;
}

} // namespace

int schema_version() {
    return static_cast<int>(steps.size());
}

void migrate(Connection &connection) {
    connection.execute("SELECT pg_advisory_xact_lock($1)", migration_lock);
    const int found = current_version(connection);
    if (found > schema_version()) {
        throw Error{Errc::usage, "the database is from a newer mp3convd (schema " +
                                     std::to_string(found) + ", this one knows " +
                                     std::to_string(schema_version()) +
                                     "); install that version or newer"};
    }
    for (int version = found + 1; version <= schema_version(); ++version) {
        connection.execute_all(steps.at(static_cast<size_t>(version - 1)));
    }
    connection.execute("UPDATE schema_version SET version = $1 WHERE version <> $1",
                       schema_version());
}

} // namespace mp3conv::db::postgres
