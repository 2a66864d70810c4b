#include "daemon/convert/frame_parser.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "daemon/convert/reservoir.hpp"

namespace mp3conv::convert {
namespace {

constexpr size_t farthest_begin = 511;      // main_data_begin has 9 bits at most
constexpr size_t tidy_at_bytes = 256 << 10; // of taken bytes that are still held

/// Where the fields stand, in bits. @source ISO 11172-3, 2.4.1.7; ISO 13818-3, 2.4.1.7.
struct SideInfo {
    size_t begin_bits;   ///< of main_data_begin
    size_t granules_at;  ///< by the number of channels
    size_t granule_bits; ///< of one channel
    size_t window_at;    ///< in the granule
    size_t granules;
};

SideInfo side_info_of(const FrameHeader &header) {
    const bool mono = header.channels == 1;
    if (header.is_mpeg1) return {9, mono ? 9U + 5 + 4 : 9U + 3 + 8, 59, 33, 2};
    return {8, mono ? 8U + 1 : 8U + 2, 63, 38, 1};
}

size_t bits_at(std::string_view bytes, size_t at, size_t count) {
    size_t value = 0;
    for (size_t i = at; i < at + count; ++i) {
        value = value << 1 | (static_cast<uint8_t>(bytes[i / 8]) >> (7 - i % 8) & 1U);
    }
    return value;
}

/// Tells what the side information says of each granule.
class Granules {
public:
    Granules(const FrameHeader &header, std::string_view head) :
        side_{head.substr(header.side_info_at())},
        fields_{side_info_of(header)},
        channels_{static_cast<size_t>(header.channels)} {}

    size_t main_data_begin() const { return bits_at(side_, 0, fields_.begin_bits); }

    /// part2_3_length is a granule's first field.
    size_t main_data_bits() const {
        size_t bits = 0;
        for (size_t i = 0; i < fields_.granules * channels_; ++i) bits += field(i, 0, 12);
        return bits;
    }

    Windows first_windows() const { return windows_of(0); }
    Windows last_windows() const { return windows_of(fields_.granules - 1); }

private:
    size_t field(size_t index, size_t at, size_t count) const {
        return bits_at(side_, fields_.granules_at + index * fields_.granule_bits + at, count);
    }

    /// The flag window_switching, and block_type behind it where it is set.
    Windows windows_of(size_t granule) const {
        Windows windows{};
        for (size_t channel = 0; channel < channels_; ++channel) {
            const size_t index = granule * channels_ + channel;
            const bool switching = field(index, fields_.window_at, 1) == 1;
            const size_t type = switching ? field(index, fields_.window_at + 1, 2) : 0;
            windows[channel] = static_cast<Window>(type);
        }
        return windows;
    }

    std::string_view side_;
    SideInfo fields_;
    size_t channels_;
};

[[noreturn]] void refuse(const char *what) {
    throw Error{Errc::conversion_failed, std::string{"an mp3 frame "} + what + "; try again"};
}

std::string without_begin(const FrameHeader &header, std::string_view head) {
    std::string bare{head};
    char *begin = bare.data() + header.side_info_at();
    begin[0] = 0;
    if (header.is_mpeg1) begin[1] = static_cast<char>(begin[1] & 0x7F);
    return bare;
}

/// LAME fills up to the next byte with bits that alternate from frame to frame.
void clear_behind(std::string &bytes, size_t bits) {
    if (bits % 8 != 0) bytes.back() = static_cast<char>(bytes.back() & (0xFF00 >> bits % 8));
}

} // namespace

std::optional<Frame> FrameParser::next() {
    if (rest().size() < 4) return std::nullopt;
    const auto header = parse_frame_header(rest());
    if (!header) refuse("has no header");
    if (rest().size() < header->bytes()) return std::nullopt;
    Frame frame = frame_in(*header, rest().substr(0, header->bytes()));
    take(header->bytes());
    return frame;
}

void FrameParser::take(size_t bytes) {
    taken_ += bytes;
    if (taken_ < tidy_at_bytes && taken_ < bytes_.size()) return;
    bytes_.erase(0, taken_);
    taken_ = 0;
}

Frame FrameParser::frame_in(const FrameHeader &header, std::string_view bytes) {
    const std::string_view head = bytes.substr(0, header.head_bytes());
    const Granules granules{header, head};
    const size_t begin = granules.main_data_begin();
    const size_t used = (granules.main_data_bits() + 7) / 8;
    if (begin > reservoir_.size()) refuse("begins before its stream");
    const size_t at = reservoir_.size() - begin;
    reservoir_ += bytes.substr(head.size());
    if (at + used > reservoir_.size()) refuse("is longer than its room");

    Frame frame{header, without_begin(header, head), reservoir_.substr(at, used), begin,
                0,      granules.first_windows(),    granules.last_windows()};
    clear_behind(frame.main_data, granules.main_data_bits());
    frame.left = std::min(begin + header.capacity() - used, most_left(header));
    if (reservoir_.size() > farthest_begin) reservoir_.erase(0, reservoir_.size() - farthest_begin);
    return frame;
}

} // namespace mp3conv::convert
