#include "daemon/convert/cores.hpp"

#include <algorithm>

namespace mp3conv::convert {

int Cores::Seat::threads() const noexcept {
    const int taken = cores_.taken_;
    return std::max(1, (cores_.count_ + taken - 1) / taken);
}

} // namespace mp3conv::convert
