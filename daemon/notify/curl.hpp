#pragma once

#include <stop_token>

#include "common/curl.hpp"

namespace mp3conv::notify {

/// Lets a stop request end a transfer, within a second. The token outlives the transfer.
void obey(CURL *curl, const std::stop_token &stop);

} // namespace mp3conv::notify
