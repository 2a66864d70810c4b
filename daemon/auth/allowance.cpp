#include "daemon/auth/allowance.hpp"

#include <algorithm>

namespace mp3conv::auth {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds first_delay = 1s;
constexpr milliseconds longest_delay = 15min;
constexpr int doublings = 10; // that it takes from the first to the longest

} // namespace

milliseconds delay(const Tally &tally, Time now) {
    const milliseconds left = tally.not_before - now;
    // More than was ever asked for: the clock was set back.
    return left > longest_delay ? 0ms : std::max(left, 0ms);
}

Tally one_more(const Tally &tally, const Allowance &allowance, Time now) {
    const milliseconds each = allowance.forgiven_each;
    const Time most = now + each * (allowance.free + doublings);
    const Time forgiven_at = std::min(std::max(tally.forgiven_at, now) + each, most);
    const auto count = (forgiven_at - now + each - 1ms) / each;
    const auto over = count - allowance.free;
    if (over < 0) return {forgiven_at, now};
    return {forgiven_at, now + std::min<milliseconds>(first_delay * (1LL << over), longest_delay)};
}

Tally one_less(const Tally &tally, const Allowance &allowance, Time now) {
    return {tally.forgiven_at - allowance.forgiven_each, std::min(tally.not_before, now)};
}

} // namespace mp3conv::auth
