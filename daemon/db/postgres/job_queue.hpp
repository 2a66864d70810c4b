#pragma once

#include "daemon/db/postgres/database.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db::postgres {

class PostgresJobQueue final : public queue::JobQueue {
public:
    PostgresJobQueue(Database &database, const system::Clock &clock) :
        database_{database},
        clock_{clock} {}

    FileObject enqueue(const queue::NewFile &file) override;
    std::optional<queue::Job> reserve(const std::string &worker,
                                      std::chrono::seconds lease) override;
    void reclaim(const std::string &worker) override;
    bool renew(const queue::Job &job, std::chrono::seconds lease, double progress) override;
    bool holds(const queue::Job &job) override;
    bool complete(const queue::Job &job, const queue::Outcome &outcome) override;
    bool bury(const queue::Job &job, const Failure &failure) override;
    bool release(const queue::Job &job, std::chrono::seconds delay, bool counts) override;

private:
    Database &database_;
    const system::Clock &clock_;
};

} // namespace mp3conv::db::postgres
