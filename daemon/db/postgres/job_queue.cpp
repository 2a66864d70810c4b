#include "daemon/db/postgres/job_queue.hpp"

#include "daemon/db/postgres/file_row.hpp"
#include "daemon/db/postgres/outbox.hpp"
#include "daemon/db/postgres/usage.hpp"
#include "daemon/db/postgres/webhook_store.hpp"

namespace mp3conv::db::postgres {
namespace {

// Whose turn it is, and with which job: due (from 0 on, if it need not rest), or under another's
// lease that ran out; of the user with the fewest running, then of the one whose last turn is
// longest ago, then the oldest. It looks at the first job of each user who waits, and at what is
// running: what it costs does not grow with the rows. The user's row is locked, so that at any
// moment a user is served by one worker and the others serve others.
constexpr const char *choose = R"sql(
WITH RECURSIVE waiting(owner) AS (
    (SELECT owner FROM files WHERE state = 'queued' ORDER BY owner LIMIT 1)
    UNION ALL
    SELECT (SELECT owner FROM files WHERE state = 'queued' AND owner > waiting.owner
            ORDER BY owner LIMIT 1)
    FROM waiting WHERE waiting.owner IS NOT NULL
),
candidate(owner, seq) AS (
    SELECT waiting.owner, first.seq
    FROM waiting CROSS JOIN LATERAL (
        SELECT seq FROM files
        WHERE state = 'queued' AND owner = waiting.owner AND due_at NOT BETWEEN $2 + 1 AND $3
        ORDER BY seq LIMIT 1) AS first
    UNION ALL
    SELECT owner, seq FROM files
    WHERE state = 'converting' AND worker <> $1 AND lease_until NOT BETWEEN $2 + 1 AND $4
)
SELECT candidate.owner, candidate.seq
FROM candidate JOIN users ON users.id = candidate.owner
WHERE NOT EXISTS (SELECT FROM switches WHERE name = 'queue-paused')
ORDER BY (SELECT count(*) FROM files AS running
          WHERE running.state = 'converting' AND running.owner = candidate.owner
            AND running.lease_until > $2),
         users.turn, candidate.seq
LIMIT 1
FOR NO KEY UPDATE OF users )sql";

// While the user is locked nobody else takes a job of theirs; what `choose` saw may be older.
constexpr const char *take = R"sql(
UPDATE files
SET state = 'converting', worker = $1, attempt = attempt + 1, tries = tries + 1,
    lease_until = $2, progress = 0
WHERE seq = $3 AND (state = 'queued' OR (state = 'converting' AND worker <> $1
                                         AND lease_until NOT BETWEEN $4 + 1 AND $5))
RETURNING id, owner, name, options, source_bytes, source_blob, attempt, tries, worker
)sql";

// $1 to $3 by which a worker shows that a job is still its own.
constexpr const char *fence =
    " WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'converting'";

/// Runs a statement on a job that is still its worker's. @param sql its own values are from $4 on.
template <typename... Values>
Result execute_fenced(Connection &connection, const char *sql, const queue::Job &job,
                      const Values &...values) {
    return connection.execute(std::string{sql} + fence, job.id, job.worker, job.attempt, values...);
}

void tell_owner(Connection &connection, const queue::Job &job, Time now) {
    notify::NewNotice notice{
        .user = job.owner, .kind = notify::Kind::file_ended, .file_id = job.id};
    leave_notice(connection, notice, now);
    if (!has_webhook(connection, job.owner)) return;
    notice.channel = notify::by_webhook;
    leave_notice(connection, notice, now);
}

queue::Job read_job(Row row) {
    return {.id = row.text(0),
            .owner = system::UserId{row.integer(1)},
            .name = row.text(2),
            .options = options_from(row.text(3)),
            .bytes = static_cast<uint64_t>(row.integer(4)),
            .source_blob = row.text(5),
            .attempt = static_cast<int>(row.integer(6)),
            .tries = static_cast<int>(row.integer(7)),
            .worker = row.text(8)};
}

/// What one look at the queue brought.
struct Look {
    std::optional<queue::Job> job;
    bool is_over = true; ///< else another worker was faster, and there may be more
};

Look look(Connection &connection, const std::string &worker, Time now, Time lease_until) {
    const Time latest_due = now + queue::JobQueue::longest_delay + clock_skew;
    const Time latest_lease = lease_until + clock_skew;
    const auto chosen_by = [&](const char *locked) {
        return connection.execute(std::string{choose} + locked, worker, now, latest_due,
                                  latest_lease);
    };
    auto chosen = chosen_by("SKIP LOCKED");
    if (chosen.empty()) chosen = chosen_by(""); // all who wait are being served, or nobody waits
    if (chosen.empty()) return {};
    const Row turn = chosen.front();
    const auto taken =
        connection.execute(take, worker, lease_until, turn.integer(1), now, latest_lease);
    if (taken.empty()) return {.job = {}, .is_over = false};
    connection.execute("UPDATE users SET turn = nextval('turns') WHERE id = $1", turn.integer(0));
    return {.job = read_job(taken.front())};
}

} // namespace

FileObject PostgresJobQueue::enqueue(const queue::NewFile &file) {
    FileObject object;
    object.id = file.id;
    object.name = file.name;
    object.created_at = clock_.now();
    object.source.bytes = file.bytes;
    object.options = file.options;
    database_.write([&](Connection &connection) {
        lock_owner(connection, file.owner);
        connection.execute(
            "INSERT INTO files (id, owner, name, options, state, created_at, due_at, source_blob, "
            "source_bytes, source_sha256, idempotency_key) "
            "VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, $7, $8, nullif($9, ''))",
            file.id, file.owner, file.name, options_column(file.options), object.created_at,
            file.source_blob, file.bytes, file.sha256, file.idempotency_key);
        count_upload(connection, file.owner, object.created_at);
        require_within(connection, file.owner, file.limits, object.created_at);
        return true;
    });
    return object;
}

std::optional<queue::Job> PostgresJobQueue::reserve(const std::string &worker,
                                                    std::chrono::seconds lease) {
    while (true) {
        const Time now = clock_.now();
        auto found = database_.write(
            [&](Connection &connection) { return look(connection, worker, now, now + lease); });
        if (found.job || found.is_over) return std::move(found.job);
    }
}

void PostgresJobQueue::reclaim(const std::string &worker) {
    database_.write([&](Connection &connection) {
        return connection.execute(
            "UPDATE files SET state = 'queued', progress = NULL, worker = '', due_at = 0 "
            "WHERE state = 'converting' AND worker = $1",
            worker);
    });
}

bool PostgresJobQueue::renew(const queue::Job &job, std::chrono::seconds lease, double progress) {
    return database_.write([&](Connection &connection) {
        return execute_fenced(connection, "UPDATE files SET lease_until = $4, progress = $5", job,
                              clock_.now() + lease, progress)
                   .changed() > 0;
    });
}

bool PostgresJobQueue::holds(const queue::Job &job) {
    return database_.read([&](Connection &connection) {
        return !execute_fenced(connection, "SELECT FROM files", job).empty();
    });
}

bool PostgresJobQueue::complete(const queue::Job &job, const queue::Outcome &outcome) {
    const Time now = clock_.now();
    return database_.write([&](Connection &connection) {
        const bool ours =
            execute_fenced(
                connection,
                "UPDATE files SET state = 'done', progress = NULL, finished_at = $4, "
                "source_blob = CASE WHEN $5 THEN source_blob END, source_duration_s = $6, "
                "source_format = $7, source_codec = $8, source_lost_s = $9, "
                "source_truncated = $10, mp3_blob = $11, mp3_bytes = $12, mp3_duration_s = $13, "
                "mp3_bitrate_bps = $14, mp3_sha256 = $15, mp3_note = $16",
                job, now, outcome.keep_source, outcome.source.duration_s.value_or(0),
                outcome.source.format, outcome.source.codec, outcome.source.lost_s,
                outcome.source.truncated, outcome.mp3_blob, outcome.mp3.bytes,
                outcome.mp3.duration_s, outcome.mp3.bitrate_bps, outcome.mp3.sha256,
                outcome.mp3.note)
                .changed() > 0;
        if (ours) tell_owner(connection, job, now);
        return ours;
    });
}

bool PostgresJobQueue::bury(const queue::Job &job, const Failure &failure) {
    const Time now = clock_.now();
    return database_.write([&](Connection &connection) {
        const bool ours =
            execute_fenced(connection,
                           "UPDATE files SET state = 'failed', progress = NULL, finished_at = $4, "
                           "error_code = $5, error_detail = $6, error_retryable = $7",
                           job, now, failure.code, failure.detail, failure.retryable)
                .changed() > 0;
        if (ours) tell_owner(connection, job, now);
        return ours;
    });
}

bool PostgresJobQueue::release(const queue::Job &job, std::chrono::seconds delay, bool counts) {
    const Time due = delay > delay.zero() ? clock_.now() + delay : Time{};
    return database_.write([&](Connection &connection) {
        return execute_fenced(connection,
                              "UPDATE files SET state = 'queued', progress = NULL, worker = '', "
                              "due_at = $4, tries = tries - $5",
                              job, due, counts ? 0 : 1)
                   .changed() > 0;
    });
}

} // namespace mp3conv::db::postgres
