#pragma once

#include <string>
#include <string_view>

namespace mp3conv {

/// @return RFC 4648's base 64 of the bytes, padded, in one line.
std::string base64(std::string_view bytes);

} // namespace mp3conv
