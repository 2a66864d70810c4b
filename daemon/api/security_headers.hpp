#pragma once

#include <httplib.h>

namespace mp3conv::api {

/// Tells browsers to do nothing with an answer but what a download is for: not to guess what it is,
/// run it, show it in a frame, load anything for it, give its address away or hand it to the pages
/// of others, who do not get Access-Control headers either (Fetch standard, CORS). What a handler
/// has said of these things stands.
///
/// @param is_https clients came by HTTPS, and are to do so for a year (RFC 6797).
void set_security_headers(httplib::Response &response, bool is_https);

} // namespace mp3conv::api
