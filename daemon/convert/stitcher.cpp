#include "daemon/convert/stitcher.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/convert/join.hpp"

namespace mp3conv::convert {

Stitcher::Stitcher(BitrateMode mode, Mp3Stream &stream, std::function<void()> meanwhile) :
    mode_{mode},
    stream_{stream},
    meanwhile_{std::move(meanwhile)},
    writer_{mode, stream} {}

void Stitcher::add(Encoded next) {
    if (next.segment.is_whole()) return copy(next.encoder->unparsed());
    const bool is_last = next.segment.is_last;
    if (current_) {
        join(std::move(next));
    } else {
        current_ = std::move(next.encoder);
    }
    if (!is_last) return;
    write_before(current_->end());
    writer_.finish();
}

/// What a single encoder has made stays as LAME laid it, to the bit.
void Stitcher::copy(std::string_view frames) {
    while (const auto header = parse_frame_header(frames)) {
        stream_.write(frames.substr(0, header->bytes()));
        frames.remove_prefix(std::min(header->bytes(), frames.size()));
    }
}

void Stitcher::join(Encoded next) {
    write_before(next.segment.own_frame - 1); // that one is still to be compared
    Continuation current{*current_, next.segment, meanwhile_};
    const auto frame = find_join(current, next, mode_, writer_.reservoir());
    if (!frame) {
        current.reach(std::numeric_limits<uint64_t>::max());
        return;
    }
    write_before(*frame);
    next.encoder->drop_before(*frame);
    current_ = std::move(next.encoder);
}

void Stitcher::write_before(uint64_t frame) {
    const uint64_t end = std::min(frame, current_->end());
    for (uint64_t n = current_->begin(); n < end; ++n) writer_.write(current_->frame(n));
    current_->drop_before(end);
}

} // namespace mp3conv::convert
