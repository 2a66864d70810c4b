#include "daemon/api/service.hpp"

#include "common/error.hpp"
#include "common/file_object.hpp"
#include "daemon/api/client_address.hpp"
#include "daemon/api/problem.hpp"
#include "daemon/api/routes.hpp"
#include "daemon/api/security_headers.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {
namespace {

namespace log = system::log;

/// @return the file that an address is about; empty where it is about none.
std::string file_in(std::string_view path) {
    for (const std::string_view prefix : {"/v1/files/", "/v1/uploads/"}) {
        if (!path.starts_with(prefix)) continue;
        const std::string_view id =
            path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size());
        return is_file_id(id) ? std::string{id} : std::string{};
    }
    return {};
}

/// @return the file that the request was about, or that it made.
std::string file_of(const httplib::Request &request, const httplib::Response &response) {
    const std::string made = file_in(response.get_header_value("Location"));
    return made.empty() ? file_in(request.path) : made;
}

} // namespace

/// A proxy, and whoever shares our Unix socket, speaks for many.
std::string Service::origin(const std::string &address) const {
    return system::is_among(clients_.trusted_proxies, address) ? std::string{}
                                                               : client_network(address);
}

server::Pacing Service::pacing(const server::Head &head) const {
    return pacing_of(head);
}

std::string Service::client(const httplib::Request &request) const {
    return client_address(request, clients_.trusted_proxies);
}

void Service::handle(server::Exchange &exchange) {
    Call call{exchange, {}, {}};
    const std::string id = call.request.get_header_value("X-Request-Id");
    call.response.set_header("X-Request-Id", id);
    const log::Scope of_request{{"request", id}};
    const log::Scope of_file{{"file", file_in(call.request.path)}};
    try {
        route_call(rooms_, call);
    } catch (const Error &e) {
        answer_problem(call.response, id, e);
    } catch (const std::exception &e) {
        answer_problem(call.response, id,
                       Error{Errc::internal, "the server failed; try again", e.what()});
    }
}

void Service::refuse(httplib::Response &response, const std::string &request_id, const Error &why) {
    response.set_header("X-Request-Id", request_id);
    answer_problem(response, request_id, why);
}

void Service::dress(httplib::Response &response) const {
    if (!response.has_header("Cache-Control")) response.set_header("Cache-Control", "no-store");
    set_security_headers(response, clients_.is_https);
}

/// One line a request. The path carries no secret; queries may, so they stay out.
void Service::observe(const httplib::Request &request, const httplib::Response &response,
                      Duration took) {
    const RouteName route = route_name(request);
    system::counts()
        .requests.of({route.method, route.pattern, std::to_string(response.status / 100) + "xx"})
        .observe(took);
    const auto ms = std::chrono::duration<double, std::milli>{took}.count();
    const log::Scope of_file{{"file", file_of(request, response)}};
    log::info("request", {{"method", request.method},
                          {"path", request.path},
                          {"status", std::to_string(response.status)},
                          {"ms", std::to_string(ms)},
                          {"client", request.remote_addr},
                          {"request", request.get_header_value("X-Request-Id")}});
}

} // namespace mp3conv::api
