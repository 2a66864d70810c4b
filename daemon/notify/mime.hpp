#pragma once

#include <string>
#include <string_view>

namespace mp3conv::notify {

/// @param column of its line where the value will begin.
/// @return `text` as the value of an unstructured header field: as it is where it is short ASCII,
///         else in encoded words, on lines of at most 76 characters (RFC 2047, 2).
std::string encode_header(std::string_view text, size_t column);

/// @param text UTF-8 with '\n' at line ends.
/// @return quoted-printable with CRLF and lines of at most 76 characters (RFC 2045, 6.7).
std::string quoted_printable(std::string_view text);

} // namespace mp3conv::notify
