#pragma once

#include <string>

#include "daemon/api/call.hpp"
#include "daemon/api/rooms.hpp"
#include "daemon/api/server/application.hpp"

namespace mp3conv::api {

/// Finds the request's route, asks for a token where the route does, and runs its handler.
/// @throws Error{no_route}, {method_not_allowed}, {not_logged_in}, and what the handler throws.
void route_call(Rooms &rooms, Call &call);

/// What a request asks for, without what is of one client only.
struct RouteName {
    std::string method;
    std::string pattern;
};

/// @return the route's own; "other" for both where there is none.
RouteName route_name(const httplib::Request &request);

/// @return what the route of that request is expected to take.
server::Pacing pacing_of(const server::Head &head);

} // namespace mp3conv::api
