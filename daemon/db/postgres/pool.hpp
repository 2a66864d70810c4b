#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/db/postgres/connection.hpp"

namespace mp3conv::db::postgres {

/// A few connections for many threads. One that broke is replaced; while none can be had, the
/// server is asked less and less often, and who needs one hears so at once. Any thread may call.
class Pool {
public:
    /// How many connections there are at most: more than a server's cores bring it nothing, and all
    /// daemons share its `max_connections`, 100 unless somebody sets them.
    static constexpr int most = 16;

    /// Connects when somebody first asks.
    explicit Pool(std::string url) : url_{std::move(url)} {}

    /// A connection while it is held; then it is the next one's, if it is usable.
    class Loan {
    public:
        Loan(Pool &pool, std::unique_ptr<Connection> connection) :
            pool_{&pool},
            connection_{std::move(connection)} {}
        ~Loan() { pool_->give_back(std::move(connection_)); }
        Loan(const Loan &) = delete;

        Connection &operator*() { return *connection_; }

    private:
        Pool *pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits up to ten seconds for one that others hold.
    /// @throws ServerError where the server cannot be had, or all are held for too long.
    Loan take();

private:
    using Clock = std::chrono::steady_clock;

    /// @return an idle one; nullptr where a new one may be made, which then counts as open.
    std::unique_ptr<Connection> take_idle();
    std::unique_ptr<Connection> connect();
    void give_back(std::unique_ptr<Connection> connection);

    const std::string url_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int open_ = 0;
    int failures_ = 0; ///< to connect, one after the other
    Clock::time_point not_before_{};
    std::string last_failure_;
};

} // namespace mp3conv::db::postgres
