#pragma once

#include <filesystem>

#include "common/fd.hpp"

namespace mp3conv::storage::s3 {

/// @return an empty file without a name, which is gone with its last descriptor.
/// @throws Error{storage_full}, {busy}.
Fd scratch_file(const std::filesystem::path &folder);

} // namespace mp3conv::storage::s3
