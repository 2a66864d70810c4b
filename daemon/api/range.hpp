#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/byte_range.hpp"

namespace mp3conv::api {

/// Reads a Range header (RFC 9110, 14.2) with one range.
/// @return what it asks of `size` bytes; nullopt where the header is to be ignored: another unit,
/// bad
///         syntax, several ranges.
/// @throws Error{range_not_satisfiable} for a range that begins behind the end.
std::optional<ByteRange> parse_range(std::string_view header, uint64_t size);

} // namespace mp3conv::api
