#pragma once

#include "common/error.hpp"
#include "daemon/api/http_server.hpp"

namespace mp3conv::api {

/// Answers with a problem document (RFC 9457); the cause goes to the log only.
void answer_problem(Exchange &exchange, const Error &error);

} // namespace mp3conv::api
