#include "daemon/api/routes.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/problem.hpp"

namespace mp3conv::api {
namespace {

enum class Access { open, user };

struct Route {
    std::string_view method;
    std::string_view pattern; ///< `{}` stands for one segment
    Access access;
    void (*handler)(Rooms &, Call &);
};

constexpr std::array routes{
    Route{"POST", "/v1/register", Access::open, register_user},
    Route{"POST", "/v1/login", Access::open, login},
    Route{"POST", "/v1/logout", Access::user, logout},
    Route{"GET", "/v1/me", Access::user, show_account},
    Route{"POST", "/v1/tokens", Access::user, create_token},
    Route{"GET", "/v1/tokens", Access::user, list_tokens},
    Route{"DELETE", "/v1/tokens/{}", Access::user, revoke_token},
    Route{"POST", "/v1/files", Access::user, create_file},
    Route{"GET", "/v1/files", Access::user, list_files},
    Route{"GET", "/v1/files/{}", Access::user, show_file},
    Route{"DELETE", "/v1/files/{}", Access::user, remove_file},
    Route{"POST", "/v1/files/{}/cancel", Access::user, cancel_file},
    Route{"POST", "/v1/files/{}/retry", Access::user, retry_file},
    Route{"GET", "/v1/files/{}/mp3", Access::user, download_mp3},
    Route{"OPTIONS", "/v1/uploads", Access::open, show_upload_options},
    Route{"POST", "/v1/uploads", Access::user, create_upload},
    Route{"OPTIONS", "/v1/uploads/{}", Access::open, show_upload_options},
    Route{"HEAD", "/v1/uploads/{}", Access::user, show_upload},
    Route{"PATCH", "/v1/uploads/{}", Access::user, append_upload},
    Route{"DELETE", "/v1/uploads/{}", Access::user, remove_upload},
    Route{"GET", "/f/{}", Access::open, explain_link},
    Route{"GET", "/healthz", Access::open, show_alive},
    Route{"GET", "/readyz", Access::open, show_ready},
};

/// @return the text before the next slash, which is taken off `path` together with it.
std::string_view next_segment(std::string_view &path) {
    const size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return segment;
}

/// @return what stands at the pattern's `{}`; nullopt when the path is another.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> captures;
    if (path.ends_with('/')) return std::nullopt;
    while (!pattern.empty() && !path.empty()) {
        const auto expected = next_segment(pattern);
        const auto found = next_segment(path);
        if (expected == "{}") {
            captures.emplace_back(found);
        } else if (expected != found) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return captures;
}

std::string bearer_token(const httplib::Request &request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string header = request.get_header_value("Authorization");
    if (ascii_lower(header).rfind(scheme, 0) != 0) {
        throw Error{Errc::not_logged_in, "no token was sent; log in first"};
    }
    return std::string{trim(std::string_view{header}.substr(scheme.size()))};
}

bool takes(const Route &route, const std::string &method) {
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

void run(Rooms &rooms, const Route &route, Call &call) {
    if (route.access == Access::user) {
        call.caller = rooms.auth.authenticate(bearer_token(call.request));
    }
    route.handler(rooms, call);
}

void route_call(Rooms &rooms, Call &call) {
    std::string allowed;
    for (const Route &route : routes) {
        auto captures = match(route.pattern, call.request.path);
        if (!captures) continue;
        if (takes(route, call.request.method)) {
            call.captures = std::move(*captures);
            return run(rooms, route, call);
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
    }
    if (allowed.empty()) throw Error{Errc::no_route, "there is nothing at this address"};
    call.response.set_header("Allow", allowed);
    throw Error{Errc::method_not_allowed, "this address takes " + allowed};
}

} // namespace

void dispatch(Rooms &rooms, Exchange &exchange) {
    Call call{exchange, {}, {}};
    call.response.set_header("X-Request-Id", call.request.get_header_value("X-Request-Id"));
    call.response.set_header("X-Content-Type-Options", "nosniff");
    call.response.set_header("Cache-Control", "no-store");
    try {
        const std::string fault = framing_fault(call.request);
        if (!fault.empty()) throw Error{Errc::bad_request, fault};
        route_call(rooms, call);
    } catch (const Error &e) {
        answer_problem(call, e);
    } catch (const std::exception &e) {
        answer_problem(call, Error{Errc::internal, "the server failed; try again", e.what()});
    }
}

} // namespace mp3conv::api
