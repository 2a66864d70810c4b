#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/convert/converter.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/sandbox/launcher.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/system/bells.hpp"
#include "daemon/system/watch.hpp"

namespace mp3conv {

/// The threads that take jobs off the queue, convert them and hand in what came out.
class Workers {
public:
    struct Rooms {
        queue::JobQueue &jobs;
        storage::BlobStore &blobs;
        sandbox::Launcher &converter;
        system::Bell &work;     ///< rings when a job may be waiting
        system::Bells &changes; ///< that of a file is to be rung when it has changed
        system::Bell &letters;  ///< to be rung when a notice was left
    };

    /// Hands back what a process of that name held when it died, and starts `count` threads.
    /// @param name of this process among those that share the queue; see DataDir::instance.
    /// @param keep_source whether a source outlives its conversion; the sweeper takes it later.
    Workers(Rooms rooms, std::string name, int count, bool keep_source);

    /// Takes no new job from here on.
    void drain();

    /// Hands what still runs back to the queue, as if it had not been tried.
    void abort();

    bool is_idle() const { return running_ == 0; }

private:
    void work(const std::stop_token &stop);
    std::optional<queue::Job> take();
    void run(const queue::Job &job);
    void convert_and_complete(const queue::Job &job);
    void settle(const queue::Job &job, const Error &error);
    void give_up_or_release(const queue::Job &job, const Error &error);
    convert::Progress progress_of(const queue::Job &job);

    Rooms rooms_;
    bool keep_source_;
    std::string name_;
    system::Watch watch_;
    std::stop_source aborting_;
    std::atomic<int> running_ = 0;
    std::vector<std::jthread> threads_;
};

/// @return how long a job rests after its n-th failed try: 10 s, doubling, at most
///         JobQueue::longest_delay.
std::chrono::seconds retry_delay(int tries);

} // namespace mp3conv
