#pragma once

namespace mp3conv::sandbox {

/// How mp3convd runs itself to be the helper: for its own use, and in no manual.
inline constexpr const char *helper_command = "conversion-helper";

/// @return whether this program was run to be the helper. Ask first thing in main.
bool is_helper(int argc, char **argv) noexcept;

/// The process between the daemon and the conversions. It has one thread and FFmpeg's libraries,
/// but nothing of what the daemon knows: so a child can be forked from it at any time, within a
/// millisecond, and has nothing to give away. Returns once the daemon is gone, however it went; its
/// children die with it.
/// @return the exit status.
int run_helper();

} // namespace mp3conv::sandbox
