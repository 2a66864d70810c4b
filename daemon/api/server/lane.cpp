#include "daemon/api/server/lane.hpp"

namespace mp3conv::api::server {

Lane::~Lane() {
    {
        const std::lock_guard lock{mutex_};
        ended_ = true;
    }
    work_.notify_all();
}

bool Lane::submit(std::unique_ptr<Connection> &connection) {
    const std::lock_guard lock{mutex_};
    const size_t free = threads_.size() - busy_;
    const bool needs_thread = backlog_.size() >= free;
    const bool may_grow = threads_.size() < size_.threads;
    if (needs_thread && !may_grow && backlog_.size() - free >= size_.backlog) return false;
    backlog_.push_back(std::move(connection));
    if (needs_thread && may_grow) threads_.emplace_back([this] { run(); });
    work_.notify_one();
    return true;
}

void Lane::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        work_.wait(lock, [this] { return ended_ || !backlog_.empty(); });
        if (ended_) return;
        ++busy_;
        auto connection = std::move(backlog_.front());
        backlog_.pop_front();
        lock.unlock();
        serve_(std::move(connection));
        lock.lock();
        --busy_;
    }
}

} // namespace mp3conv::api::server
