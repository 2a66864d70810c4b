#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mp3conv::api::server {

/// What a request says before its body, checked more strictly than the library does, which skips
/// lines that it does not understand.
struct Head {
    size_t size = 0;         ///< bytes, with the empty line at its end
    std::string method;      ///< as sent
    std::string target;      ///< path and query, as sent
    uint64_t body_bytes = 0; ///< 0 where the body is chunked
    bool is_chunked = false;
    bool expects_continue = false;
};

/// @return the head at the front of `bytes`; nullopt while its end has not come.
/// @throws Error{bad_request} for what is no HTTP/1 request, and for framing that can be read in
///         two ways (RFC 9112, 2.2, 5 and 6.3); {uri_too_long}, {head_too_large}. Nothing after
///         such a head can be understood.
std::optional<Head> read_head(std::string_view bytes);

} // namespace mp3conv::api::server
