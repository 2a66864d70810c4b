#pragma once

#include <chrono>
#include <httplib.h>
#include <string>

#include "common/error.hpp"
#include "daemon/api/server/connection.hpp"

namespace mp3conv::api::server {

/// A request on its way through the server.
struct Exchange {
    const httplib::Request &request; ///< its remote_addr is who client() says
    httplib::Response &response;
    const httplib::ContentReader *body; ///< nullptr for methods that have none
    Connection &connection;
};

/// How long a request may keep its thread.
enum class Pacing {
    quick,    ///< no longer than a database takes: never waits for its client
    costly,   ///< as quick, but computes, so that only a few can at a time
    patient,  ///< waits for something to happen
    transfer, ///< as long as its bytes take
};

/// What a server asks of whoever uses it. Called by many threads at once; nothing may throw.
class Application {
public:
    using Duration = std::chrono::steady_clock::duration;

    virtual ~Application() = default;

    /// @return by what name connections from that address are counted; empty where they are not.
    virtual std::string origin(const std::string &address) const = 0;

    /// @return which threads answer that request; its target is as the client wrote it.
    virtual Pacing pacing(const Head &head) const = 0;

    /// @return the address of who sent the request, which a proxy may have passed on.
    virtual std::string client(const httplib::Request &request) const = 0;

    /// Answers one request.
    virtual void handle(Exchange &exchange) = 0;

    /// Answers one that no handler will see.
    virtual void refuse(httplib::Response &response, const std::string &request_id,
                        const Error &why) = 0;

    /// Called with each answer on its way out, those of the library included.
    virtual void dress(httplib::Response &response) const = 0;

    /// Called when an answer is written, with the time since its request was there.
    virtual void observe(const httplib::Request &request, const httplib::Response &response,
                         Duration took) = 0;
};

} // namespace mp3conv::api::server
