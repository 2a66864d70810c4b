#pragma once

#include <string>

namespace mp3conv::system {

/// @return that many bytes from the operating system's generator. @throws Error{internal}.
std::string random_bytes(size_t count);

/// @return a name with 5 bits of randomness a character, from Crockford's base 32 in lower case:
///         survives a double-click, a URL, a file name and being read aloud.
std::string random_id(size_t length);

} // namespace mp3conv::system
