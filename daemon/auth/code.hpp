#pragma once

#include <string>
#include <string_view>

namespace mp3conv::auth {

/// @return a one-time code for a person to copy or type: ten characters, 50 bits.
std::string make_code();

/// @return the code as make_code() made it, of what somebody typed: in capitals, in groups, with an
///         o for a 0 (Crockford's base 32).
std::string normalize_code(std::string_view typed);

/// @return what is kept of a secret that a machine made: its SHA-256.
std::string hash_code(const std::string &code);

} // namespace mp3conv::auth
