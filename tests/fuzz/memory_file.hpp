#pragma once

#include <string_view>
#include <sys/mman.h>

#include "common/fd.hpp"

namespace mp3conv::fuzz {

/// @return a file in memory with those bytes, read from its start.
inline Fd memory_file(std::string_view bytes = {}) {
    Fd file{::memfd_create("fuzz", MFD_CLOEXEC)};
    write_all(file.get(), bytes, "a file in memory");
    return file;
}

} // namespace mp3conv::fuzz
