#pragma once

#include <chrono>

namespace mp3conv::cli {

/// From here on SIGINT and SIGTERM are noted instead of ending the program, so that whatever holds
/// half-written files can tidy up. SIGPIPE is ignored. Call once, first thing in main.
void note_signals();

/// @return whether one of them came. Safe anywhere.
bool is_interrupted();

/// @throws Error{interrupted} or Error{terminated} if one of them came.
void check_interrupted();

/// Sleeps that long; a signal ends it in every thread. @throws as check_interrupted().
void rest(std::chrono::milliseconds time);

/// Returns once something can be read from that descriptor, or it has come to its end.
/// @throws as check_interrupted().
void await_readable(int fd);

} // namespace mp3conv::cli
