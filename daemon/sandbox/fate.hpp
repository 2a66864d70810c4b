#pragma once

#include <string>

#include "common/error.hpp"
#include "daemon/sandbox/messages.hpp"

namespace mp3conv::sandbox {

/// @return whether the child ended by itself, having said what became of its conversion.
bool ended_well(const Fate &fate) noexcept;

/// @return "exit 0", "signal 11 (Segmentation fault)": for the log.
std::string describe(const Fate &fate);

/// @return "exit", "SEGV": one of few, to count by.
std::string short_cause(const Fate &fate);

/// @return what the owner of the file is told of a child that did not end well. It is
///         Errc::conversion_killed where that was not the file's doing.
Error error_of(const Fate &fate);

} // namespace mp3conv::sandbox
