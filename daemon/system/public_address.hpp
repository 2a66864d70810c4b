#pragma once

#include <optional>

#include "daemon/system/network.hpp"

struct sockaddr;

namespace mp3conv::system {

/// @return that of IPv4 or IPv6; nullopt for one of any other kind.
std::optional<IpAddress> address_of(const sockaddr &address);

/// @return whether anyone on the Internet means the same by it: it is not private, shared, local to
///         a link or to this computer, a multicast group, reserved, or a way to say such a one.
/// @source IANA's special-purpose address registries for IPv4 and IPv6.
bool is_public(const IpAddress &address);

} // namespace mp3conv::system
