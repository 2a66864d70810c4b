#pragma once

#include <mutex>
#include <utility>

namespace mp3conv::system {

/// Data that can be reached only through its lock.
template <typename T>
class Guarded {
public:
    Guarded() = default;
    explicit Guarded(T value) : value_{std::move(value)} {}

    /// @return what `use` returns when called with the data, under the lock.
    template <typename Use>
    decltype(auto) with(Use &&use) {
        const std::lock_guard lock{mutex_};
        return std::forward<Use>(use)(value_);
    }

private:
    std::mutex mutex_;
    T value_;
};

} // namespace mp3conv::system
