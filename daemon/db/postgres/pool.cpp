#include "daemon/db/postgres/pool.hpp"

#include <algorithm>

namespace mp3conv::db::postgres {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s; // for connections that others hold
constexpr auto first_pause = 50ms;
constexpr int most_doublings = 6; // 3.2 s

} // namespace

Pool::Loan Pool::take() {
    while (auto connection = take_idle()) {
        if (connection->is_usable()) return {*this, std::move(connection)};
        give_back(std::move(connection));
    }
    return {*this, connect()};
}

std::unique_ptr<Connection> Pool::take_idle() {
    std::unique_lock lock{mutex_};
    const auto is_there = [this] { return !idle_.empty() || open_ < most; };
    if (!returned_.wait_for(lock, patience, is_there)) {
        throw ServerError{"", "all connections to it are in use"};
    }
    if (idle_.empty()) {
        if (Clock::now() < not_before_) throw ServerError{"", last_failure_};
        ++open_;
        return nullptr;
    }
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
}

std::unique_ptr<Connection> Pool::connect() try {
    auto connection = std::make_unique<Connection>(url_);
    const std::lock_guard lock{mutex_};
    failures_ = 0;
    return connection;
} catch (const std::exception &e) {
    {
        const std::lock_guard lock{mutex_};
        --open_;
        not_before_ = Clock::now() + first_pause * (1 << std::min(failures_++, most_doublings));
        last_failure_ = e.what();
    }
    returned_.notify_one();
    throw;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    const bool is_usable = connection->is_usable();
    {
        const std::lock_guard lock{mutex_};
        if (is_usable) {
            idle_.push_back(std::move(connection));
        } else {
            --open_;
        }
    }
    returned_.notify_one();
}

} // namespace mp3conv::db::postgres
