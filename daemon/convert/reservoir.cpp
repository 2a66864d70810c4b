#include "daemon/convert/reservoir.hpp"

#include <algorithm>

namespace mp3conv::convert {
namespace {

struct Bitrates {
    size_t lowest;
    size_t highest;
};

Bitrates choice_for(const FrameHeader &header, BitrateMode mode) noexcept {
    if (mode == BitrateMode::constant) return {header.bitrate_index, header.bitrate_index};
    return {1, highest_index_at(header.rate_hz)};
}

/// @return nullopt where so large a frame would not fit.
std::optional<Place> place_at(const FrameHeader &header, size_t reservoir, size_t size) noexcept {
    const size_t most = most_left(header);
    if (size > header.capacity() + std::min(reservoir, most)) return std::nullopt;
    const size_t left = reservoir + header.capacity() - size;
    const size_t excess = left - std::min(left, most);
    const size_t before = std::min(reservoir, excess);
    return Place{header, before, reservoir - before, excess - before};
}

} // namespace

size_t most_left(const FrameHeader &header) noexcept {
    const size_t countable = header.is_mpeg1 ? 511 : 255;
    const size_t buffer = header.is_mpeg1 ? 1920 : 960;
    return std::min(countable, buffer - std::min(buffer, header.bytes()));
}

std::optional<Place> Reservoir::place(const Frame &frame) noexcept {
    const auto [lowest, highest] = choice_for(frame.header, mode_);
    FrameHeader header = frame.header;
    for (header.bitrate_index = lowest; header.bitrate_index <= highest; ++header.bitrate_index) {
        const auto place = place_at(header, bytes_, frame.main_data.size());
        if (!place) continue;
        const size_t left = place->main_data_begin + header.capacity() - frame.main_data.size() -
                            place->stuffed_behind;
        if (left < frame.left) continue;
        bytes_ = left;
        return place;
    }
    return std::nullopt;
}

} // namespace mp3conv::convert
