#pragma once

#include <functional>

#include "daemon/settings.hpp"

namespace mp3conv {

/// Runs the daemon until SIGTERM or SIGINT. The first one drains: no new work, and what runs gets
/// `drain-timeout`; a second one ends it at once. SIGHUP rereads the certificate, its key, and what
/// is logged and how.
/// @param reread gets the settings as they are then; throws Error where that fails.
/// @return the exit status. @throws Error where it cannot start. Call from the main thread.
int serve(const Settings &settings, const std::function<Settings()> &reread);

} // namespace mp3conv
