#pragma once

#include <initializer_list>
#include <string_view>
#include <sys/types.h>

#include "common/fd.hpp"
#include "daemon/sandbox/messages.hpp"

namespace mp3conv::sandbox {

// The helper's only descriptors; 0 to 2 lead nowhere.
inline constexpr int line_fd = 3;  ///< to the daemon
inline constexpr int count_fd = 4; ///< of conversions that run

/// The helper, as the daemon holds it: this program run anew, without environment or arguments. It
/// ends with this object, and with the daemon.
class HelperProcess {
public:
    /// Returns once the helper is ready. Any thread may call.
    /// @param count a RunningCount's page.
    /// @throws Error{internal} where it cannot be started.
    explicit HelperProcess(int count);
    ~HelperProcess();
    HelperProcess(const HelperProcess &) = delete;
    HelperProcess &operator=(const HelperProcess &) = delete;

    const Missing &missing() const noexcept { return missing_; }

    /// @return false where the helper has died.
    bool send(std::string_view message, std::initializer_list<int> descriptors);

private:
    Fd line_;
    pid_t pid_ = -1;
    Missing missing_;
};

} // namespace mp3conv::sandbox
