#pragma once

#include <httplib.h>
#include <string>

namespace mp3conv::api {

/// @return whether the client has the bytes of that strong entity tag (RFC 9110, 13.1.2).
bool has_it_already(const httplib::Request &request, const std::string &etag);

} // namespace mp3conv::api
