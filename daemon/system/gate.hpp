#pragma once

#include <atomic>
#include <memory>
#include <semaphore>

namespace mp3conv::system {

/// Lets a few threads in at a time and some more wait, so that those who wait cannot become as many
/// as there are threads. Any thread may call.
class Gate {
public:
    Gate(int places, int waiting) : most_{places + waiting}, free_{places} {}

    struct Leave {
        void operator()(Gate *gate) const noexcept { gate->leave(); }
    };
    using Pass = std::unique_ptr<Gate, Leave>;

    /// Waits for a place. @return it, for as long as the pass lives; nullptr, at once, where too
    ///         many wait already.
    Pass enter() {
        if (present_.fetch_add(1) >= most_) {
            --present_;
            return nullptr;
        }
        free_.acquire();
        return Pass{this};
    }

private:
    void leave() noexcept {
        free_.release();
        --present_;
    }

    const int most_;
    std::atomic<int> present_ = 0;
    std::counting_semaphore<> free_;
};

} // namespace mp3conv::system
