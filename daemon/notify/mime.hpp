#pragma once

#include <string>
#include <string_view>

namespace mp3conv::notify {

/// @return `text` as the value of an unstructured header field: as it is where it is short ASCII,
///         else in encoded words of at most 75 characters (RFC 2047).
std::string encode_header(std::string_view text);

/// @param text UTF-8 with '\n' at line ends.
/// @return quoted-printable with CRLF and lines of at most 76 characters (RFC 2045, 6.7).
std::string quoted_printable(std::string_view text);

} // namespace mp3conv::notify
