#include "daemon/db/sqlite/job_queue.hpp"

#include "daemon/db/sqlite/file_row.hpp"
#include "daemon/db/sqlite/outbox.hpp"
#include "daemon/db/sqlite/overview.hpp"
#include "daemon/db/sqlite/usage.hpp"
#include "daemon/db/sqlite/webhook_store.hpp"

namespace mp3conv::db::sqlite {
namespace {

// The next job: due (from 0 on, if it need not rest), or under another's lease that ran out; of the
// user with the fewest running, then of the one whose last turn is longest ago, then the oldest. It
// looks at the first job of each user who waits, and at what is running: what it costs does not
// grow with the rows. No time lies further ahead than those that this statement knows, unless the
// clock was turned back.
constexpr const char *take_next = R"sql(
WITH RECURSIVE waiting(owner) AS (
    SELECT min(owner) FROM files WHERE state = 'queued'
    UNION ALL
    SELECT (SELECT min(owner) FROM files WHERE state = 'queued' AND owner > waiting.owner)
    FROM waiting WHERE waiting.owner IS NOT NULL
),
candidate(owner, seq) AS (
    SELECT waiting.owner, (SELECT seq FROM files
                           WHERE state = 'queued' AND owner = waiting.owner
                             AND due_at NOT BETWEEN :now + 1 AND :latest
                           ORDER BY seq LIMIT 1)
    FROM waiting WHERE waiting.owner IS NOT NULL
    UNION ALL
    SELECT owner, seq FROM files
    WHERE state = 'converting' AND worker <> :worker
      AND lease_until NOT BETWEEN :now + 1 AND :lease_until
)
UPDATE files
SET state = 'converting', worker = :worker, attempt = attempt + 1, tries = tries + 1,
    lease_until = :lease_until, progress = 0
WHERE seq = (
    SELECT seq FROM candidate WHERE seq IS NOT NULL
    ORDER BY (SELECT count(*) FROM files AS running
              WHERE running.state = 'converting' AND running.owner = candidate.owner
                AND running.lease_until > :now),
             (SELECT turn FROM users WHERE users.id = candidate.owner),
             seq
    LIMIT 1)
RETURNING id, owner, name, options, source_bytes, source_blob, attempt, tries, worker
)sql";

constexpr const char *take_turn =
    "UPDATE users SET turn = (SELECT max(turn) + 1 FROM users) WHERE id = ?";

/// Binds the three values by which a worker shows that a job is still its own.
void bind_fence(SQLite::Statement &statement, const queue::Job &job) {
    statement.bind(":id", job.id);
    statement.bind(":worker", job.worker);
    statement.bind(":attempt", job.attempt);
}

constexpr const char *fence =
    " WHERE id = :id AND worker = :worker AND attempt = :attempt AND state = 'converting'";

void tell_owner(SQLite::Database &connection, const queue::Job &job, Time now) {
    notify::NewNotice notice{
        .user = job.owner, .kind = notify::Kind::file_ended, .file_id = job.id};
    leave_notice(connection, notice, now);
    if (!has_webhook(connection, job.owner)) return;
    notice.channel = notify::by_webhook;
    leave_notice(connection, notice, now);
}

queue::Job read_job(SQLite::Statement &row) {
    return {.id = row.getColumn(0).getString(),
            .owner = system::UserId{row.getColumn(1).getInt64()},
            .name = row.getColumn(2).getString(),
            .options = options_from(row.getColumn(3).getString()),
            .bytes = static_cast<uint64_t>(row.getColumn(4).getInt64()),
            .source_blob = row.getColumn(5).getString(),
            .attempt = row.getColumn(6).getInt(),
            .tries = row.getColumn(7).getInt(),
            .worker = row.getColumn(8).getString()};
}

} // namespace

FileObject SqliteJobQueue::enqueue(const queue::NewFile &file) {
    FileObject object;
    object.id = file.id;
    object.name = file.name;
    object.created_at = clock_.now();
    object.source.bytes = file.bytes;
    object.options = file.options;
    database_.write([&](SQLite::Database &connection) {
        execute(connection,
                "INSERT INTO files (id, owner, name, options, state, created_at, due_at, "
                "source_blob, source_bytes, source_sha256, idempotency_key) "
                "VALUES (?1, ?2, ?3, ?4, 'queued', ?5, 0, ?6, ?7, ?8, nullif(?9, ''))",
                file.id, static_cast<int64_t>(file.owner), file.name, options_column(file.options),
                to_column(object.created_at), file.source_blob, static_cast<int64_t>(file.bytes),
                file.sha256, file.idempotency_key);
        count_upload(connection, file.owner, object.created_at);
        require_within(connection, file.owner, file.limits, object.created_at);
        return true;
    });
    return object;
}

std::optional<queue::Job> SqliteJobQueue::reserve(const std::string &worker,
                                                  std::chrono::seconds lease) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) -> std::optional<queue::Job> {
        if (is_paused(connection)) return std::nullopt;
        SQLite::Statement row{connection, take_next};
        row.bind(":worker", worker);
        row.bind(":lease_until", to_column(now + lease));
        row.bind(":now", to_column(now));
        row.bind(":latest", to_column(now + longest_delay));
        if (!row.executeStep()) return std::nullopt;
        auto job = read_job(row);
        row.reset();
        execute(connection, take_turn, static_cast<int64_t>(job.owner));
        return job;
    });
}

void SqliteJobQueue::reclaim(const std::string &worker) {
    database_.write([&](SQLite::Database &connection) {
        return execute(
            connection,
            "UPDATE files SET state = 'queued', progress = NULL, worker = '', due_at = 0 "
            "WHERE state = 'converting' AND worker = ?",
            worker);
    });
}

bool SqliteJobQueue::renew(const queue::Job &job, std::chrono::seconds lease, double progress) {
    return database_.write([&](SQLite::Database &connection) {
        SQLite::Statement statement{
            connection,
            std::string{"UPDATE files SET lease_until = :until, progress = :progress"} + fence};
        statement.bind(":until", to_column(clock_.now() + lease));
        statement.bind(":progress", progress);
        bind_fence(statement, job);
        return statement.exec() > 0;
    });
}

bool SqliteJobQueue::holds(const queue::Job &job) {
    return database_.read([&](SQLite::Database &connection) {
        SQLite::Statement statement{connection, std::string{"SELECT 1 FROM files"} + fence};
        bind_fence(statement, job);
        return statement.executeStep();
    });
}

bool SqliteJobQueue::complete(const queue::Job &job, const queue::Outcome &outcome) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) {
        SQLite::Statement statement{
            connection,
            std::string{"UPDATE files SET state = 'done', progress = NULL, finished_at = :now, "
                        "source_blob = CASE WHEN :keep THEN source_blob END, "
                        "source_duration_s = :source_duration, source_format = :format, "
                        "source_codec = :codec, source_lost_s = :lost, source_truncated = "
                        ":truncated, mp3_blob = :blob, mp3_bytes "
                        "= :bytes, "
                        "mp3_duration_s = :duration, mp3_bitrate_bps = :bitrate, "
                        "mp3_sha256 = :sha256, mp3_note = :note"} +
                fence};
        statement.bind(":now", to_column(now));
        statement.bind(":keep", static_cast<int>(outcome.keep_source));
        statement.bind(":source_duration", outcome.source.duration_s.value_or(0));
        bind_or_null(statement, ":format", outcome.source.format);
        bind_or_null(statement, ":codec", outcome.source.codec);
        bind_or_null(statement, ":lost", outcome.source.lost_s);
        statement.bind(":truncated", static_cast<int>(outcome.source.truncated));
        statement.bind(":blob", outcome.mp3_blob);
        statement.bind(":bytes", static_cast<int64_t>(outcome.mp3.bytes));
        statement.bind(":duration", outcome.mp3.duration_s);
        statement.bind(":bitrate", outcome.mp3.bitrate_bps);
        statement.bind(":sha256", outcome.mp3.sha256);
        bind_or_null(statement, ":note", outcome.mp3.note);
        bind_fence(statement, job);
        const bool ours = statement.exec() > 0;
        if (ours) tell_owner(connection, job, now);
        return ours;
    });
}

bool SqliteJobQueue::bury(const queue::Job &job, const Failure &failure) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) {
        SQLite::Statement statement{
            connection,
            std::string{
                "UPDATE files SET state = 'failed', progress = NULL, finished_at = :now, "
                "error_code = :code, error_detail = :detail, error_retryable = :retryable"} +
                fence};
        statement.bind(":now", to_column(now));
        statement.bind(":code", failure.code);
        statement.bind(":detail", failure.detail);
        statement.bind(":retryable", static_cast<int>(failure.retryable));
        bind_fence(statement, job);
        const bool ours = statement.exec() > 0;
        if (ours) tell_owner(connection, job, now);
        return ours;
    });
}

bool SqliteJobQueue::release(const queue::Job &job, std::chrono::seconds delay, bool counts) {
    return database_.write([&](SQLite::Database &connection) {
        SQLite::Statement statement{
            connection, std::string{"UPDATE files SET state = 'queued', progress = NULL, worker = "
                                    "'', due_at = :due, tries = tries - :forgiven"} +
                            fence};
        statement.bind(":due", delay > delay.zero() ? to_column(clock_.now() + delay) : 0);
        statement.bind(":forgiven", counts ? 0 : 1);
        bind_fence(statement, job);
        return statement.exec() > 0;
    });
}

} // namespace mp3conv::db::sqlite
