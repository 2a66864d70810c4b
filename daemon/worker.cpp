#include "daemon/worker.hpp"

#include <algorithm>
#include <utility>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/sha256.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/every.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/persist.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;
using system::Every;
using system::persist;

constexpr auto lease = 60s; // long enough for a slow disk, short enough to wait for
constexpr auto progress_every = 500ms;
constexpr auto look_every = 100ms; // whether the job was cancelled
constexpr auto poll_every = 5s;    // the fallback where no ring arrives
constexpr int most_tries = 5;
constexpr int most_attempts = 150; // a day, while the server's disk is full or fails

void count(const std::string &outcome) {
    system::counts().conversions.of({outcome}).add();
}

void count_done(double audio_s, double work_s, uint64_t source_bytes, uint64_t mp3_bytes) {
    auto &counts = system::counts();
    counts.audio_s.only().add(audio_s);
    counts.work_s.only().add(work_s);
    counts.source_bytes.only().add(static_cast<double>(source_bytes));
    counts.mp3_bytes.only().add(static_cast<double>(mp3_bytes));
    count("done");
}

/// The job is no longer ours: cancelled, removed, or handed on after the lease ran out.
struct LeaseLost {};
/// The daemon stops.
struct Aborted {};

/// The server's own troubles, which say nothing about the file.
bool is_ours(Errc code) {
    return code == Errc::storage_full || code == Errc::local_file || code == Errc::busy;
}

/// @param is_held asks the rows. Where they cannot be had, the job is still ours: nobody else who
///        works here takes it.
template <typename Ask>
void require_held(Ask &&is_held) {
    try {
        if (!is_held()) throw LeaseLost{};
    } catch (const Error &e) {
        log::debug("cannot look after a job", {{"cause", describe(e)}});
    }
}

Failure failure_of(const Error &error) {
    return {std::string{traits(error.code()).code}, error.what(), traits(error.code()).retryable};
}

} // namespace

std::chrono::seconds retry_delay(int tries) {
    const int doublings = std::clamp(tries - 1, 0, 6);
    return std::min<std::chrono::seconds>(10s * (1 << doublings), queue::JobQueue::longest_delay);
}

Workers::Workers(Rooms rooms, std::string name, int count, bool keep_source) :
    rooms_{rooms},
    keep_source_{keep_source},
    name_{std::move(name)},
    watch_{rooms_.work, poll_every} {
    rooms_.jobs.reclaim(name_);
    for (int i = 0; i < count; ++i) {
        threads_.emplace_back([this](const std::stop_token &stop) { work(stop); });
    }
}

void Workers::drain() {
    for (auto &thread : threads_) thread.request_stop();
}

void Workers::abort() {
    aborting_.request_stop();
    drain();
}

void Workers::work(const std::stop_token &stop) {
    while (const auto job = watch_.next(stop, [this] { return take(); })) run(*job);
}

std::optional<queue::Job> Workers::take() try {
    return rooms_.jobs.reserve(name_, lease);
} catch (const Error &e) {
    log::error("cannot take a job", {{"cause", describe(e)}});
    return std::nullopt;
} catch (const std::exception &e) {
    log::error("cannot take a job", {{"cause", e.what()}});
    return std::nullopt;
}

void Workers::run(const queue::Job &job) {
    ++running_;
    const log::Scope of_file{{"file", job.id}};
    log::info("conversion begun", {{"attempt", std::to_string(job.attempt)}});
    try {
        convert_and_complete(job);
    } catch (const LeaseLost &) {
        count("ended_early");
        log::info("conversion ended early");
    } catch (const Aborted &) {
        settle(job, Error{Errc::busy, "the server stops"});
    } catch (const Error &e) {
        settle(job, e);
    } catch (const std::exception &e) {
        settle(job, Error{Errc::conversion_killed, "the conversion failed unexpectedly", e.what()});
    }
    --running_;
    rooms_.changes.of(job.id).ring();
}

void Workers::convert_and_complete(const queue::Job &job) {
    const auto source = rooms_.blobs.open(job.source_blob);
    if (!source) throw Error{Errc::internal, "the source is gone; upload it again"};
    const std::string blob = job.id + ".mp3." + std::to_string(job.attempt);
    const auto draft = rooms_.blobs.begin_file(blob);

    const auto started = std::chrono::steady_clock::now();
    const auto tell = progress_of(job);
    const auto local = source->local_copy();
    uint64_t fetched = 0;
    sandbox::SourceFile file{local->fd()};
    if (!local->is_whole()) {
        file.fetch = [&](const auto &ranges, const auto &meanwhile) {
            for (const auto &range : ranges) fetched += range.count;
            local->fetch(ranges, meanwhile);
        };
    }
    const auto report = rooms_.converter.convert(file, draft->fd(), job.options, tell);
    const uint64_t bytes = file_size(draft->fd(), "the MP3");
    const std::string sha256 = sha256_of_file(draft->fd());
    draft->commit();

    const queue::Outcome outcome{
        .source = report.source,
        .mp3 = {bytes, report.duration_s, report.bitrate_bps, sha256, report.note},
        .mp3_blob = blob,
        .keep_source = keep_source_,
    };
    bool held = false;
    const bool is_told = persist("hand in an MP3", aborting_.get_token(),
                                 [&] { held = rooms_.jobs.complete(job, outcome); });
    if (!is_told) throw Aborted{};
    if (!held) throw LeaseLost{}; // the MP3 has no row, and is for the sweeper
    rooms_.letters.ring();
    rooms_.changes.of(job.id).ring(); // who waits need not wait for the rest
    if (!keep_source_) rooms_.blobs.remove_committed(job.source_blob);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    count_done(report.duration_s, took.count(), job.bytes, bytes);
    log::info("converted", {{"audio_s", std::to_string(report.duration_s)},
                            {"took_s", std::to_string(took.count())},
                            {"bytes", std::to_string(bytes)},
                            {"fetched", std::to_string(fetched)}});
}

/// Decides what becomes of a job that did not end well.
void Workers::settle(const queue::Job &job, const Error &error) try {
    const auto aborting = aborting_.get_token();
    if (!aborting.stop_requested() &&
        persist("settle a job", aborting, [&] { give_up_or_release(job, error); })) {
        return;
    }
    rooms_.jobs.release(job, 0s, false);
    count("handed_back");
    log::info("conversion handed back");
} catch (const std::exception &e) {
    // It is handed on when the daemon starts again.
    log::error("cannot settle a job", {{"cause", e.what()}});
}

void Workers::give_up_or_release(const queue::Job &job, const Error &error) {
    const bool ours = is_ours(error.code());
    const bool give_up = ours ? job.attempt >= most_attempts
                              : !traits(error.code()).retryable || job.tries >= most_tries;
    if (give_up) {
        if (rooms_.jobs.bury(job, failure_of(error))) rooms_.letters.ring();
        count(std::string{traits(error.code()).code});
        log::info("conversion failed", {{"cause", describe(error)}});
    } else {
        rooms_.jobs.release(job, retry_delay(ours ? job.attempt : job.tries), !ours);
        count("retried");
        log::warning("conversion will be tried again", {{"cause", describe(error)}});
    }
}

convert::Progress Workers::progress_of(const queue::Job &job) {
    return [this, &job, tell = Every::later(progress_every),
            look = Every::later(look_every)](double part) mutable {
        if (aborting_.stop_requested()) throw Aborted{};
        if (tell.is_due()) {
            require_held([&] { return rooms_.jobs.renew(job, lease, part); });
            rooms_.changes.of(job.id).ring();
        } else if (look.is_due()) {
            require_held([&] { return rooms_.jobs.holds(job); });
        }
    };
}

} // namespace mp3conv
