#include "daemon/convert/frame_writer.hpp"

#include <algorithm>

#include "common/error.hpp"

namespace mp3conv::convert {
namespace {

// The bits of a header's third byte.
constexpr unsigned rate_and_private_bits = 0x0D;
constexpr size_t bitrate_shift = 4;
constexpr unsigned padding_bit = 2;

void set_bitrate(std::string &head, const FrameHeader &header) {
    const unsigned kept = static_cast<unsigned>(head[2]) & rate_and_private_bits;
    const unsigned padding = header.is_padded ? padding_bit : 0;
    head[2] = static_cast<char>(kept | header.bitrate_index << bitrate_shift | padding);
}

/// Nine bits in MPEG-1, where the last is the first of the next byte; else eight.
void set_main_data_begin(std::string &head, const FrameHeader &header, size_t begin) {
    char *field = head.data() + header.side_info_at();
    field[0] = static_cast<char>(header.is_mpeg1 ? begin >> 1 : begin);
    if (header.is_mpeg1) field[1] = static_cast<char>(field[1] | (begin & 1) << 7);
}

} // namespace

void FrameWriter::write(const Frame &frame) {
    const auto place = reservoir_.place(frame);
    if (!place) throw Error{Errc::conversion_failed, "an mp3 frame has no room; try again"};
    stuff(place->stuffed_before);
    open(frame, *place);
    fill(frame.main_data);
    stuff(place->stuffed_behind);
}

void FrameWriter::finish() {
    for (const Open &frame : open_) stream_.write(frame.bytes);
    open_.clear();
}

void FrameWriter::open(const Frame &frame, const Place &place) {
    std::string bytes = frame.head;
    set_bitrate(bytes, place.header);
    set_main_data_begin(bytes, place.header, place.main_data_begin);
    bytes.resize(place.header.bytes(), '\0');
    open_.push_back({std::move(bytes), frame.head.size()});
}

void FrameWriter::fill(std::string_view data) {
    while (!data.empty()) {
        Open &frame = open_.front();
        const size_t count = std::min(data.size(), frame.bytes.size() - frame.filled);
        data.copy(frame.bytes.data() + frame.filled, count);
        data.remove_prefix(count);
        frame.filled += count;
        if (frame.filled < frame.bytes.size()) return;
        stream_.write(frame.bytes);
        open_.pop_front();
    }
}

void FrameWriter::stuff(size_t bytes) {
    fill(std::string(bytes, '\0'));
}

} // namespace mp3conv::convert
