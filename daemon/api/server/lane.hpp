#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/api/server/connection.hpp"

namespace mp3conv::api::server {

/// Threads that answer one kind of request, so that no kind waits behind another. Threads are made
/// as they are needed, up to a limit, and stay.
class Lane {
public:
    struct Size {
        size_t threads;
        size_t backlog; ///< requests that may wait for a thread
    };
    using Serve = std::function<void(std::unique_ptr<Connection>)>;

    /// @param serve answers one request; must not throw.
    Lane(Size size, Serve serve) : size_{size}, serve_{std::move(serve)} {}
    ~Lane();

    /// @return false, and leaves the connection, where all threads are busy and the backlog is
    ///         full. Any thread may call.
    bool submit(std::unique_ptr<Connection> &connection);

private:
    void run();

    Size size_;
    Serve serve_;
    std::mutex mutex_;
    std::condition_variable work_;
    std::deque<std::unique_ptr<Connection>> backlog_;
    size_t busy_ = 0; ///< threads that answer
    bool ended_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace mp3conv::api::server
