#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "common/byte_range.hpp"
#include "common/error.hpp"
#include "daemon/convert/converter.hpp"

namespace mp3conv::sandbox {

// Looks at what a child says as one looks at what a stranger says: every member is of its kind,
// every number within its bounds, every text short and printable. All throw
// Error{conversion_crashed} or a json::exception where that is not so.

/// What the owner of such a file is told.
inline constexpr const char *taken_over =
    "the converter did what it never does with a sound file, and was stopped; check where the "
    "file is from";

double part_in(const nlohmann::json &object, const char *name);
/// @return no more of them than a media::Feed asks for.
std::vector<ByteRange> ranges_in(const nlohmann::json &object, const char *name);
convert::Report report_in(const nlohmann::json &object);
Error failure_in(const nlohmann::json &object);

} // namespace mp3conv::sandbox
