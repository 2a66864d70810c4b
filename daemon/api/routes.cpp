#include "daemon/api/routes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/handlers.hpp"

namespace mp3conv::api {
namespace {

using server::Head;
using server::Pacing;

enum class Access { probe, open, user, user_or_link, monitor };

constexpr size_t most_slow_a_user = 64; // requests at a time

struct Route {
    std::string_view method;
    std::string_view pattern; ///< `{}` stands for one segment
    Access access;
    Pacing pacing;
    void (*handler)(Rooms &, Call &);
};

constexpr std::array routes{
    Route{"POST", "/v1/register", Access::open, Pacing::costly, register_user},
    Route{"POST", "/v1/verify", Access::open, Pacing::costly, verify_email},
    Route{"POST", "/v1/login", Access::open, Pacing::costly, login},
    Route{"POST", "/v1/logout", Access::user, Pacing::quick, logout},
    Route{"GET", "/v1/me", Access::user, Pacing::quick, show_account},
    Route{"GET", "/v1/me/webhook", Access::user, Pacing::quick, show_webhook},
    Route{"PUT", "/v1/me/webhook", Access::user, Pacing::quick, set_webhook},
    Route{"DELETE", "/v1/me/webhook", Access::user, Pacing::quick, remove_webhook},
    Route{"POST", "/v1/me/webhook/test", Access::user, Pacing::patient, test_webhook},
    Route{"POST", "/v1/me/delete", Access::user, Pacing::costly, delete_account},
    Route{"POST", "/v1/password/change", Access::user, Pacing::costly, change_password},
    Route{"POST", "/v1/password/reset", Access::open, Pacing::quick, request_reset},
    Route{"POST", "/v1/password/reset/confirm", Access::open, Pacing::costly, reset_password},
    Route{"POST", "/v1/tokens", Access::user, Pacing::quick, create_token},
    Route{"GET", "/v1/tokens", Access::user, Pacing::quick, list_tokens},
    Route{"DELETE", "/v1/tokens/{}", Access::user, Pacing::quick, revoke_token},
    Route{"POST", "/v1/files", Access::user, Pacing::transfer, create_file},
    Route{"GET", "/v1/files", Access::user, Pacing::quick, list_files},
    Route{"GET", "/v1/files/{}", Access::user, Pacing::patient, show_file},
    Route{"DELETE", "/v1/files/{}", Access::user, Pacing::quick, remove_file},
    Route{"POST", "/v1/files/{}/cancel", Access::user, Pacing::quick, cancel_file},
    Route{"POST", "/v1/files/{}/retry", Access::user, Pacing::quick, retry_file},
    Route{"GET", "/v1/files/{}/events", Access::user, Pacing::patient, follow_file},
    Route{"POST", "/v1/files/{}/link", Access::user, Pacing::quick, create_link},
    Route{"GET", "/v1/files/{}/mp3", Access::user_or_link, Pacing::transfer, download_mp3},
    Route{"OPTIONS", "/v1/uploads", Access::open, Pacing::quick, show_upload_options},
    Route{"POST", "/v1/uploads", Access::user, Pacing::transfer, create_upload},
    Route{"OPTIONS", "/v1/uploads/{}", Access::open, Pacing::quick, show_upload_options},
    Route{"HEAD", "/v1/uploads/{}", Access::user, Pacing::transfer, show_upload},
    Route{"PATCH", "/v1/uploads/{}", Access::user, Pacing::transfer, append_upload},
    Route{"DELETE", "/v1/uploads/{}", Access::user, Pacing::transfer, remove_upload},
    Route{"GET", "/verify", Access::open, Pacing::quick, show_verification},
    Route{"POST", "/verify", Access::open, Pacing::costly, submit_verification},
    Route{"GET", "/", Access::open, Pacing::quick, show_page},
    Route{"GET", "/f/{}", Access::open, Pacing::quick, show_page},
    Route{"GET", "/web/{}", Access::open, Pacing::quick, show_page_file},
    Route{"GET", "/healthz", Access::probe, Pacing::quick, show_alive},
    Route{"GET", "/readyz", Access::probe, Pacing::quick, show_ready},
    Route{"GET", "/metrics", Access::monitor, Pacing::quick, show_metrics},
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
    if (path.size() > 1 && path.ends_with('/')) return std::nullopt;
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

/// Counts a request that may take long, until its answer is out.
void take_place(Rooms &rooms, Call &call) {
    auto place = rooms.slow_requests.take(call.caller.user, most_slow_a_user);
    if (!place) {
        throw Error{Errc::rate_limited, "you have " + std::to_string(most_slow_a_user) +
                                            " transfers under way; let one end"};
    }
    call.connection.keep(std::move(*place));
}

/// Of who watches the daemon, its address is enough.
void require_monitor(const Rooms &rooms, const Call &call) {
    if (!system::is_among(rooms.metrics_from, call.client())) {
        throw Error{Errc::no_route,
                    "the metrics are for those whom the setting metrics-from names only"};
    }
}

auth::Caller require_caller(Rooms &rooms, const Route &route, const Call &call) {
    if (route.access == Access::user_or_link && call.request.has_param("link")) {
        return rooms.auth.authenticate_link(call.request.get_param_value("link"), call.id());
    }
    return rooms.auth.authenticate(bearer_token(call.request));
}

/// Whatever its roles, a daemon tells how it is.
void require_served(const Rooms &rooms, const Route &route) {
    const bool tells = route.access == Access::probe || route.access == Access::monitor;
    if (!tells && !rooms.serves_users) {
        throw Error{Errc::no_route, "this daemon does not have the role api; ask another"};
    }
}

void run(Rooms &rooms, const Route &route, Call &call) {
    require_served(rooms, route);
    if (route.access == Access::monitor) require_monitor(rooms, call);
    if (route.access == Access::user || route.access == Access::user_or_link) {
        call.caller = require_caller(rooms, route, call);
        if (route.pacing != Pacing::quick) take_place(rooms, call);
    }
    route.handler(rooms, call);
}

} // namespace

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

/// Who waits on purpose is counted apart: its time says nothing of how quick the server is.
RouteName route_name(const httplib::Request &request) {
    for (const Route &route : routes) {
        if (!takes(route, request.method) || !match(route.pattern, request.path)) continue;
        const bool waits = route.pacing == Pacing::patient && request.has_param("wait");
        return {std::string{route.method}, std::string{route.pattern} + (waits ? "?wait" : "")};
    }
    return {"other", "other"};
}

Pacing pacing_of(const Head &head) {
    const std::string_view target = head.target;
    const size_t query = std::min(target.find('?'), target.size());
    for (const Route &route : routes) {
        if (!takes(route, head.method) || !match(route.pattern, target.substr(0, query))) continue;
        const bool waits =
            route.handler != show_file || target.find("wait=", query) != std::string_view::npos;
        return waits ? route.pacing : Pacing::quick;
    }
    return Pacing::transfer; // nothing is quick for being written in an unusual way
}

} // namespace mp3conv::api
