#pragma once

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

} // namespace mp3conv::api::server
