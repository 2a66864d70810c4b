#include "daemon/system/bell.hpp"

namespace mp3conv::system {

void Bell::ring() {
    ring_here();
    if (carry_) carry_();
}

void Bell::ring_here() {
    {
        const std::lock_guard lock{mutex_};
        ++count_;
    }
    rung_.notify_all();
}

Bell::Count Bell::count() const {
    const std::lock_guard lock{mutex_};
    return count_;
}

void Bell::wait(Count seen, std::chrono::milliseconds patience, std::stop_token stop) {
    std::unique_lock lock{mutex_};
    rung_.wait_for(lock, stop, patience, [&] { return count_ != seen; });
}

} // namespace mp3conv::system
