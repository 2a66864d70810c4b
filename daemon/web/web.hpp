#pragma once

#include <span>
#include <string_view>

namespace mp3conv::web {

/// The bytes of a file as they cross the line.
struct Form {
    std::string_view etag; ///< strong, in its quotes: of these bytes (RFC 9110, 8.8.3)
    std::string_view bytes;
};

/// A file of the page, which is part of the program.
struct File {
    std::string_view name; ///< "index.html"
    std::string_view type; ///< its media type
    Form plain;
    Form gzip;
};

/// @return all that the page consists of.
std::span<const File> files();

} // namespace mp3conv::web
