#pragma once

#include "daemon/api/http_server.hpp"
#include "daemon/api/rooms.hpp"

namespace mp3conv::api {

/// Finds the request's route, asks for a token where the route does, runs its handler and turns
/// what that throws into a problem document (RFC 9457). Never throws; any thread may call.
void dispatch(Rooms &rooms, Exchange &exchange);

} // namespace mp3conv::api
