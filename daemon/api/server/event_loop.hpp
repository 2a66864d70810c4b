#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/api/server/connection.hpp"
#include "daemon/api/server/listener.hpp"
#include "daemon/api/server/tls.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::api::server {

/// Looks after every connection that is between two requests, all of them in one thread: new ones,
/// idle ones, those that send slowly, and those that are slow to take their answer. So none of
/// these costs more than its memory. What waits longest goes first where there are too many.
class EventLoop {
public:
    using Owned = std::unique_ptr<Connection>;

    /// What the loop asks, and what becomes of a connection that leaves it. All are called by the
    /// loop's thread and must not wait; who has got a connection gives it back, or drops it.
    struct Hooks {
        std::function<std::string(const std::string &)> origin; ///< see Application::origin
        std::function<void(Owned)> ready;                       ///< has a request to be answered
        std::function<void(Owned, const Error &)> refused;      ///< has one that will not be
    };

    /// @param tls nullptr for a server in the clear; must outlive the loop.
    EventLoop(Listener listener, Tls *tls, Hooks hooks);
    ~EventLoop();

    void start();

    /// Takes a connection whose answer is written. Any thread may call.
    void give_back(Owned connection);

    /// Asks the loop's thread for a sign of life. @return whether it came in time. Any thread but
    /// that one may call.
    bool is_alive(std::chrono::milliseconds patience);

    /// Accepts nothing more, and lets go of connections that have nothing left to send. Any thread
    /// may call.
    void stop_accepting();

private:
    enum class Mode { serving, finishing, ended };
    using Clock = Connection::Clock;

    void run();
    void wait_for_events();
    void accept_all();
    void accept_one(int socket);
    void free_descriptor();
    void make_room(const std::string &origin);
    void take_back();
    void move_on(Owned connection);
    void watch(Owned connection);
    Owned release(int socket);
    void expire();
    void let_idle_go();
    int milliseconds_to_first_deadline() const;
    void wake() const;

    struct Waiting {
        Owned connection;
        Clock::time_point deadline;
    };

    Listener listener_;
    Tls *tls_;
    Hooks hooks_;
    Fd epoll_;
    Fd wake_;
    std::atomic<Mode> mode_ = Mode::serving;
    std::atomic<bool> is_asked_ = false;
    system::Bell alive_;
    std::unordered_map<int, Waiting> waiting_;
    std::set<std::pair<Clock::time_point, int>> deadlines_;
    std::map<std::string, size_t> per_origin_; ///< of those in waiting_
    system::Guarded<std::vector<Owned>> returned_;
    std::jthread thread_;
};

} // namespace mp3conv::api::server
