#include "daemon/convert/segmenter.hpp"

#include <algorithm>
#include <utility>

namespace mp3conv::convert {

Grid grid_for(const EncoderSettings &settings) {
    const int frame_samples = settings.rate_hz >= 32000 ? 1152 : 576;
    switch (settings.mode) {
    case BitrateMode::variable:
        return {frame_samples, 8, 24, 128};
    case BitrateMode::average:
        return {frame_samples, 32, 32, 32};
    case BitrateMode::constant:
        break;
    }
    return {frame_samples, 49, 21, 21};
}

Segmenter::Segmenter(const EncoderSettings &settings, Take take) :
    grid_{grid_for(settings)},
    segment_blocks_{grid_.first_blocks},
    channels_{settings.channels},
    take_{std::move(take)},
    block_{std::make_shared<PcmBlock>(channels_, grid_.block_frames * grid_.frame_samples)} {}

void Segmenter::add(int samples) {
    if (samples > 0 && segment_.own_blocks().size() == static_cast<size_t>(segment_blocks_)) {
        hand_on(false);
    }
    block_->add(samples);
    samples_ += static_cast<uint64_t>(samples);
    if (block_->room() == 0) close_block();
}

void Segmenter::finish() {
    if (block_->pcm().samples > 0) segment_.blocks.push_back(std::move(block_));
    hand_on(true);
}

void Segmenter::close_block() {
    segment_.blocks.push_back(std::move(block_));
    block_ = std::make_shared<PcmBlock>(channels_, grid_.block_frames * grid_.frame_samples);
}

void Segmenter::hand_on(bool is_last) {
    Segment next;
    next.own_frame =
        segment_.own_frame + static_cast<uint64_t>(grid_.block_frames * segment_blocks_);
    next.first_frame = next.own_frame - static_cast<uint64_t>(grid_.block_frames);
    if (!is_last) next.blocks.push_back(segment_.blocks.back());
    segment_.is_last = is_last;
    segment_blocks_ = std::min(2 * segment_blocks_, grid_.longest_blocks);
    take_(std::exchange(segment_, std::move(next)));
}

} // namespace mp3conv::convert
