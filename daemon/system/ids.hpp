#pragma once

#include <cstdint>

namespace mp3conv::system {

/// An account, as rows and tokens name it.
enum class UserId : int64_t {};

} // namespace mp3conv::system
