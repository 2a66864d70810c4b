#include "common/media/lookahead.hpp"

#include <algorithm>

#include "common/media/feed.hpp"

namespace mp3conv::media {
namespace {

// A gap that is fetched as well costs less time than another request: 64 KiB take a millisecond at
// half a gigabit a second, where stores answer after ten.
constexpr uint64_t short_gap = 64 << 10;

} // namespace

Lookahead::Lookahead(const AVStream &track) :
    track_{const_cast<AVStream *>(&track)} {} // which libavformat's functions do not change

ByteRange Lookahead::entry(int i) const {
    const AVIndexEntry &entry = *avformat_index_get_entry(track_, i);
    return {static_cast<uint64_t>(std::max<int64_t>(entry.pos, 0)),
            static_cast<uint64_t>(entry.size)};
}

std::vector<ByteRange> Lookahead::next() {
    if (read_++ < told_) return {};
    std::vector<ByteRange> ranges;
    const int entries = avformat_index_get_entries_count(track_);
    for (uint64_t left = Feed::most_bytes; told_ < entries; ++told_) {
        const ByteRange packet = entry(told_);
        if (packet.count > Feed::most_bytes) continue; // comes in parts, when it is read
        const uint64_t end = ranges.empty() ? 0 : ranges.back().first + ranges.back().count;
        const bool joins =
            !ranges.empty() && packet.first >= end && packet.first - end <= short_gap;
        const uint64_t more = packet.count + (joins ? packet.first - end : 0);
        if (more > left || (!joins && ranges.size() == Feed::most_ranges)) break;
        left -= more;
        if (joins) {
            ranges.back().count += more;
        } else {
            ranges.push_back(packet);
        }
    }
    return ranges;
}

} // namespace mp3conv::media
