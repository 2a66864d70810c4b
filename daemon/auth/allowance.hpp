#pragma once

#include <chrono>

#include "common/units.hpp"

namespace mp3conv::auth {

/// How many attempts go through at once, and how long it takes until one of them is forgiven.
struct Allowance {
    int free;
    std::chrono::milliseconds forgiven_each;
};

/// How somebody stands who has made attempts. Their count needs no place: it is the time that it
/// takes to forgive them.
struct Tally {
    Time forgiven_at{}; ///< all of them
    Time not_before{};  ///< the next may go through
};

/// @return how long the next attempt has to wait; 0 where it may go through.
std::chrono::milliseconds delay(const Tally &tally, Time now);

/// @return the tally with an attempt more. Once those are used up that go through at once, the next
///         has to wait for a second, then twice as long each time, up to a quarter of an hour: few
///         enough guesses, and nobody can lock another out for longer by making more.
Tally one_more(const Tally &tally, const Allowance &allowance, Time now);

/// @return the tally with one that did not count after all.
Tally one_less(const Tally &tally, const Allowance &allowance, Time now);

} // namespace mp3conv::auth
