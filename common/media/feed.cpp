#include "common/media/feed.hpp"

#include <algorithm>
#include <iterator>

namespace mp3conv::media {
namespace {

constexpr uint64_t least_bytes = 64 << 10;
constexpr uint64_t small_file = 1 << 20;   // takes less time than a request more
constexpr uint64_t near_bytes = 128 << 10; // who leaves out so little reads from front to back

} // namespace

/// @return how much is worth a request that begins there.
uint64_t Feed::bytes_ahead(uint64_t first) {
    const bool goes_on = first >= last_end_ && first - last_end_ <= near_bytes;
    return ahead_ = goes_on ? std::clamp(2 * ahead_, least_bytes, most_bytes) : least_bytes;
}

bool Feed::bring(ByteRange range) {
    if (size_ <= small_file) range = {0, size_};
    range.first = std::min(range.first, size_);
    range.count = std::min(range.count, size_ - range.first);
    const uint64_t end = range.first + range.count;
    for (uint64_t at = first_missing(range.first); at < end; at = first_missing(last_end_)) {
        const uint64_t needed = std::min(end - at, most_bytes);
        const uint64_t count = std::min(std::max(bytes_ahead(at), needed), size_ - at);
        if (!bring(std::vector{ByteRange{at, count}})) return false;
        last_end_ = at + count;
    }
    return true;
}

bool Feed::bring(const std::vector<ByteRange> &ranges) {
    std::vector<ByteRange> missing;
    for (const auto &range : ranges) add_missing(range, missing);
    for (size_t i = 0; i < missing.size(); i += most_ranges) {
        const auto begin = missing.begin() + static_cast<ptrdiff_t>(i);
        const auto end = begin + static_cast<ptrdiff_t>(std::min(most_ranges, missing.size() - i));
        const std::vector<ByteRange> some{begin, end};
        if (!fetch_(some)) return false;
        for (const auto &range : some) note(range);
    }
    return true;
}

/// @return the first byte from there on that is not here.
uint64_t Feed::first_missing(uint64_t at) const {
    const auto next = here_.upper_bound(at);
    return next == here_.begin() ? at : std::max(at, std::prev(next)->second);
}

/// Adds what of the range is not here.
void Feed::add_missing(ByteRange range, std::vector<ByteRange> &missing) const {
    const uint64_t end = range.first + range.count;
    for (uint64_t at = first_missing(range.first); at < end;) {
        const auto next = here_.upper_bound(at);
        const uint64_t until = next == here_.end() ? end : std::min(end, next->first);
        missing.push_back({at, until - at});
        at = first_missing(until);
    }
}

void Feed::note(ByteRange range) {
    uint64_t first = range.first;
    uint64_t end = range.first + range.count;
    auto next = here_.lower_bound(first);
    if (next != here_.begin() && std::prev(next)->second >= first) first = std::prev(next)->first;
    next = here_.lower_bound(first);
    while (next != here_.end() && next->first <= end) {
        end = std::max(end, next->second);
        next = here_.erase(next);
    }
    here_.emplace(first, end);
}

} // namespace mp3conv::media
