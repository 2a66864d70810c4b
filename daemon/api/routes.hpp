#pragma once

#include "common/error.hpp"
#include "daemon/api/rooms.hpp"
#include "daemon/api/server/http_server.hpp"

namespace mp3conv::api {

/// Finds the request's route, asks for a token where the route does, runs its handler and turns
/// what that throws into a problem document (RFC 9457). Never throws; any thread may call.
void dispatch(Rooms &rooms, server::Exchange &exchange);

/// Answers what the server refuses before there is a request that could be dispatched.
void refuse(httplib::Response &response, const std::string &request_id, const Error &why);

/// @return what the route of that request is expected to take.
server::Pacing pacing_of(const server::Head &head);

} // namespace mp3conv::api
