#include "daemon/convert/cores.hpp"

#include <algorithm>

namespace mp3conv::convert {

int Cores::Seat::threads() const noexcept {
    const int running = std::max(1, cores_.running_.load()); // another may have ended its count
    return std::max(1, (cores_.count_ + running - 1) / running);
}

} // namespace mp3conv::convert
