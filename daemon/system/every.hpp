#pragma once

#include <chrono>

namespace mp3conv::system {

/// Tells now and then that it is time again; the first time at once.
class Every {
public:
    explicit Every(std::chrono::milliseconds period) : period_{period} {}

    bool is_due() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) return false;
        next_ = now + period_;
        return true;
    }

private:
    std::chrono::milliseconds period_;
    std::chrono::steady_clock::time_point next_{};
};

} // namespace mp3conv::system
