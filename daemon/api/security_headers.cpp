#include "daemon/api/security_headers.hpp"

#include <array>
#include <utility>

namespace mp3conv::api {
namespace {

constexpr std::array<std::pair<const char *, const char *>, 4> headers{{
    {"X-Content-Type-Options", "nosniff"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

} // namespace

void set_security_headers(httplib::Response &response, bool is_https) {
    for (const auto &[name, value] : headers) {
        if (!response.has_header(name)) response.set_header(name, value);
    }
    if (is_https) response.set_header("Strict-Transport-Security", "max-age=31536000");
}

} // namespace mp3conv::api
