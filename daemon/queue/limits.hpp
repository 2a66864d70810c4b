#pragma once

#include <cstdint>
#include <optional>

#include "common/units.hpp"

namespace mp3conv::queue {

/// What an owner uses.
struct Usage {
    uint64_t bytes = 0;         ///< of sources and MP3s; of uploads under way, all that they become
    uint64_t files = 0;         ///< of any state
    uint64_t active = 0;        ///< uploads under way, and files that wait or are converted
    uint64_t uploads_today = 0; ///< that were begun on this day, UTC, also if they are gone
};

/// What an owner may use at most; 0 for as much as there is.
struct Limits {
    uint64_t bytes = 0;
    uint64_t active = 0;
    uint64_t uploads_a_day = 0;
};

/// What was set for one user; what is absent is as for everybody.
struct OwnLimits {
    std::optional<uint64_t> bytes{};
    std::optional<uint64_t> active{};
    std::optional<uint64_t> uploads_a_day{};

    Limits over(const Limits &everybodys) const;
};

/// @throws Error{over_quota}, {too_many_active} or {too_many_today} for what is above its limit.
void require_within(const Limits &limits, const Usage &usage, Time now);

} // namespace mp3conv::queue
