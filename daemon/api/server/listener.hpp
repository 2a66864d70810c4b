#pragma once

#include <optional>
#include <string>

#include "common/fd.hpp"

namespace mp3conv::api::server {

/// A socket on which clients come in.
struct Listener {
    Fd socket;           ///< does not block
    std::string address; ///< as it was asked for, with the port that it got
};

/// @param address "HOST:PORT", "[IPV6]:PORT" or "unix:PATH"; port 0 takes a free one.
/// @throws Error{usage} for what is no address, Error{local_file} where it cannot be had.
Listener listen_at(const std::string &address);

/// @return the socket that the service manager hands over: a port's, with its address as the system
///         knows it, or "unix:PATH"; none where it hands over nothing, and the second time.
/// @throws Error{usage} for more than one, and for one at which no clients can come in.
std::optional<Listener> take_handed_over();

} // namespace mp3conv::api::server
