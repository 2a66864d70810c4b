#pragma once

#include <chrono>

namespace mp3conv::system {

/// Tells now and then that it is time again.
class Every {
public:
    /// The first time is at once.
    explicit Every(std::chrono::milliseconds period) : period_{period} {}

    /// @return one whose first time is after a period.
    static Every later(std::chrono::milliseconds period) {
        Every every{period};
        every.is_due();
        return every;
    }

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
