#include "daemon/queue/limits.hpp"

#include <chrono>

#include "common/error.hpp"

namespace mp3conv::queue {
namespace {

bool is_above(uint64_t used, uint64_t limit) {
    return limit != 0 && used > limit;
}

std::chrono::seconds until_tomorrow(Time now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    return std::chrono::ceil<std::chrono::seconds>(today + std::chrono::days{1} - now);
}

} // namespace

Limits OwnLimits::over(const Limits &everybodys) const {
    return {bytes.value_or(everybodys.bytes), active.value_or(everybodys.active),
            uploads_a_day.value_or(everybodys.uploads_a_day)};
}

void require_within(const Limits &limits, const Usage &usage, Time now) {
    if (is_above(usage.bytes, limits.bytes)) {
        throw Error{Errc::over_quota, "your files would take more than your " +
                                          format_size(limits.bytes) + "; remove some first"};
    }
    if (is_above(usage.active, limits.active)) {
        throw Error{Errc::too_many_active,
                    "you have as many uploads and conversions under way as you may, " +
                        std::to_string(limits.active) + "; wait until one ends, or cancel one"};
    }
    if (is_above(usage.uploads_today, limits.uploads_a_day)) {
        throw Error{Errc::too_many_today,
                    "you have made as many uploads today as you may, " +
                        std::to_string(limits.uploads_a_day) + "; go on after midnight UTC",
                    {},
                    until_tomorrow(now)};
    }
}

} // namespace mp3conv::queue
