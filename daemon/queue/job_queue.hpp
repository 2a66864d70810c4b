#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/file_object.hpp"
#include "daemon/queue/limits.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::queue {

/// A source whose bytes are safe in storage and that waits to be converted.
struct NewFile {
    std::string id;
    system::UserId owner{};
    std::string name;
    Options options;
    uint64_t bytes = 0;
    std::string sha256;
    std::string source_blob;
    std::string idempotency_key{}; ///< of its owner's making; empty for none
    Limits limits{};               ///< of its owner
};

/// What a worker holds while it converts.
struct Job {
    std::string id;
    system::UserId owner{};
    std::string name;
    Options options;
    uint64_t bytes = 0;
    std::string source_blob;
    int attempt = 0;    ///< counts every reservation from 1
    int tries = 0;      ///< of those, how many were the job's own; see `release`
    std::string worker; ///< with `attempt` the fence: a stale holder can change nothing
};

/// What a conversion brought.
struct Outcome {
    Source source;
    Mp3 mp3;
    std::string mp3_blob;
    bool keep_source = false; ///< else the row lets go of its source blob
};

/// Conversions that wait or run. Every change is durable when the call returns. Any thread may
/// call. All throw Error{busy} where the database cannot be had.
class JobQueue {
public:
    /// The longest that a job may rest. A time further ahead was written under a clock that has
    /// been turned back since, and counts as over.
    static constexpr std::chrono::minutes longest_delay{10};

    virtual ~JobQueue() = default;

    /// @return the file object, queued.
    /// @throws as require_within, and then nothing is queued.
    virtual FileObject enqueue(const NewFile &file) = 0;

    /// Takes the next job under a lease: of the user with the fewest running, of those the one
    /// whose last turn is longest ago, and of that one the oldest. A job whose lease ran out counts
    /// as waiting, for all but the worker of that name: it holds what it has taken until it says
    /// otherwise, whatever happens to the clock.
    /// @return nullopt while the queue is paused too.
    virtual std::optional<Job> reserve(const std::string &worker, std::chrono::seconds lease) = 0;

    /// Hands back what a worker of that name held when it died, without waiting for its leases to
    /// run out. Only for who knows that it is dead.
    virtual void reclaim(const std::string &worker) = 0;

    /// Extends the lease and notes the progress, 0 to 1.
    /// @return false when the job is no longer this worker's: cancelled, removed or handed on.
    virtual bool renew(const Job &job, std::chrono::seconds lease, double progress) = 0;

    /// @return whether the job is still this worker's; writes nothing, and may be asked often.
    virtual bool holds(const Job &job) = 0;

    /// Finishes a job and leaves a notice for its owner, in one transaction.
    /// @return false, and nothing is changed, when the job is no longer this worker's.
    virtual bool complete(const Job &job, const Outcome &outcome) = 0;

    /// Gives a job up for good and leaves a notice for its owner; returns as `complete`.
    virtual bool bury(const Job &job, const Failure &failure) = 0;

    /// Hands a job back, to be taken again after `delay`, of at most `longest_delay`.
    /// @param counts whether this was one of the job's own tries; false when the daemon stops.
    virtual bool release(const Job &job, std::chrono::seconds delay, bool counts) = 0;
};

} // namespace mp3conv::queue
