#pragma once

#include <string>
#include <string_view>

namespace mp3conv {

bool is_utf8(std::string_view text);

/// @return `text` fit for a terminal and a log line: control characters (C0, C1, DEL) and broken
///         UTF-8 become '?'. Nothing a server or a file name says can move the cursor.
std::string printable(std::string_view text);

/// @return the part behind the last slash, made fit for a file name: never empty, ".", "..", longer
///         than 200 bytes or with control characters.
std::string safe_file_name(std::string_view name);

/// @return "talk" for "talk.mp4"; names that only have a leading dot keep it.
std::string without_extension(std::string_view name);

/// Percent-encodes everything but RFC 3986's unreserved characters.
std::string url_encode(std::string_view text);

/// @return lower case of ASCII letters; the rest as it is.
std::string ascii_lower(std::string_view text);

/// @return without white space at either end.
std::string_view trim(std::string_view text);

} // namespace mp3conv
