#pragma once

#include <vector>

#include "daemon/api/rooms.hpp"
#include "daemon/api/server/application.hpp"
#include "daemon/system/network.hpp"

namespace mp3conv::api {

/// The HTTP interface of mp3convd(8): finds a request's route, asks for a token where the route
/// does, runs its handler and turns what that throws into a problem document (RFC 9457).
class Service final : public server::Application {
public:
    struct Clients {
        const std::vector<system::Network> &trusted_proxies;
        bool is_https; ///< they come by it, be it ours or a proxy's
    };

    Service(Rooms &rooms, Clients clients) : rooms_{rooms}, clients_{clients} {}

    std::string origin(const std::string &address) const override;
    server::Pacing pacing(const server::Head &head) const override;
    std::string client(const httplib::Request &request) const override;
    void handle(server::Exchange &exchange) override;
    void refuse(httplib::Response &response, const std::string &request_id,
                const Error &why) override;
    void dress(httplib::Response &response) const override;
    void observe(const httplib::Request &request, const httplib::Response &response,
                 Duration took) override;

private:
    Rooms &rooms_;
    Clients clients_;
};

} // namespace mp3conv::api
