#pragma once

#include <httplib.h>
#include <string>

#include "common/error.hpp"

namespace mp3conv::api {

/// Answers with a problem document (RFC 9457); the cause goes to the log only.
void answer_problem(httplib::Response &response, const std::string &request_id, const Error &error);

} // namespace mp3conv::api
