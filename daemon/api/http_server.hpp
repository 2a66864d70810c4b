#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <httplib.h>
#include <set>
#include <string>
#include <thread>

#include "common/fd.hpp"
#include "daemon/api/connection.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::api {

/// A request on its way through the server.
struct Exchange {
    const httplib::Request &request;
    httplib::Response &response;
    const httplib::ContentReader *body; ///< nullptr for methods that have none
    Connection &connection;
};

/// cpp-httplib's server with two of its traps closed: a body that a handler has not read ends the
/// connection instead of being taken for the next request, and "100 Continue" is sent only once the
/// body is wanted.
class HttpServer : private httplib::Server {
public:
    /// Answers one request; must not throw. Called by many threads at once.
    using Handler = std::function<void(Exchange &)>;
    /// Called when an answer is out, with the time since its request's headers were read.
    using Observer = std::function<void(const httplib::Request &, const httplib::Response &,
                                        std::chrono::steady_clock::duration)>;

    HttpServer(Handler handler, Observer observer);
    ~HttpServer() override;

    /// @param address "HOST:PORT" or "[IPV6]:PORT"; port 0 takes a free one.
    /// @return the address with the port that it got.
    /// @throws Error{usage} for what is no address, Error{local_file} where it cannot be had.
    std::string bind(const std::string &address);

    /// Serves in threads of its own until `finish`.
    void start();

    /// Ends listening, waits for requests under way until `patience` is over, then cuts them off.
    void finish(std::chrono::milliseconds patience);

    /// @return requests under way.
    int active() const { return active_; }

private:
    bool process_and_close_socket(int socket) override;
    bool serve_one(Connection &connection, bool is_last);
    void wait_until_idle(std::chrono::milliseconds patience);
    void route_everything(const Handler &handler);

    Fd stop_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> active_ = 0;
    system::Bell answered_;
    system::Guarded<std::set<int>> sockets_;
    std::jthread listener_;
};

} // namespace mp3conv::api
