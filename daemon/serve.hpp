#pragma once

#include "daemon/settings.hpp"

namespace mp3conv {

/// Runs the daemon until SIGTERM or SIGINT. The first one drains: no new work, and what runs gets
/// `drain-timeout`; a second one ends it at once. SIGHUP is ignored.
/// @return the exit status. @throws Error where it cannot start. Call from the main thread.
int serve(const Settings &settings);

} // namespace mp3conv
