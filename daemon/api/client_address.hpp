#pragma once

#include <httplib.h>
#include <string>
#include <vector>

#include "daemon/system/network.hpp"

namespace mp3conv::api {

/// Whose request it is: the other end of the connection or, while that is a trusted proxy, the
/// address that it says it had the request from (the last one of X-Forwarded-For, and so on to the
/// left). The first that is not trusted is the client. What is no address ends the search. A port
/// is not part of an address.
///
/// @return "192.0.2.1", "2001:db8::1"; what the connection says where that is no IP address.
std::string client_address(const httplib::Request &request,
                           const std::vector<system::Network> &trusted_proxies);

/// @return what a client is counted by: its address, or the /64 of an IPv6 address, which is the
///         least that one line gets (RFC 6177).
std::string client_network(const std::string &address);

} // namespace mp3conv::api
