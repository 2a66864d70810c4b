#pragma once

#include <string>

#include "daemon/settings.hpp"

namespace mp3conv {

// What an administrator runs beside the daemon. Each prints its result, returns the exit status and
// throws Error.

struct HealthRequest {
    bool ready = false;
    double wait_s = 0; ///< how long to go on asking until the answer is good
};

/// Asks the daemon that runs on the data folder, and prints its URL where it is well.
int check_health(const Settings &settings, const HealthRequest &request);

int check_config(const Settings &settings);
int send_test_mail(const Settings &settings, const std::string &recipient);
int print_version();

} // namespace mp3conv
