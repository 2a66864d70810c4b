#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

/// What one encoder gets: the blocks whose frames are its own, and in front of them one block of
/// the segment before, on which it warms up.
struct Segment {
    using Blocks = std::vector<std::shared_ptr<const PcmBlock>>;

    uint64_t first_frame = 0; ///< of the MP3's that its encoder puts out
    uint64_t own_frame = 0;   ///< the first that is its own
    Blocks blocks;
    bool is_last = false;

    bool is_first() const noexcept { return own_frame == 0; }
    bool is_whole() const noexcept { return is_first() && is_last; }
    std::span<const std::shared_ptr<const PcmBlock>> own_blocks() const noexcept {
        return std::span{blocks}.subspan(is_first() ? 0 : 1);
    }
};

/// How a recording is cut. Segments begin where a frame of one serial encoder would begin, and its
/// MDCT with it.
struct Grid {
    int frame_samples = 0;
    int block_frames = 0; ///< an encoder that has warmed up so long mostly agrees with a serial one
    int first_blocks = 0; ///< of the first segment; each next is twice as long, up to the longest
    int longest_blocks = 0; ///< about 27 s at 44.1 kHz
};

/// Eight frames of warm-up suffice where the bitrate varies: nothing but the filters remembers.
/// Segments begin with 5 s there, so that a short clip is spread too. Else LAME's reservoir has to
/// settle, and all segments are long. At a constant bitrate the lengths of frames recur after 49
/// frames at 11.025, 22.05 and 44.1 kHz, where a second has no whole number of bytes a frame, so
/// that blocks of 49 keep them where a serial encoder has them.
Grid grid_for(const EncoderSettings &settings);

/// Cuts a recording into segments. What they share is not copied.
class Segmenter final : public PcmSink {
public:
    using Take = std::function<void(Segment)>;

    /// @param take gets each segment as soon as there is a sample behind it.
    Segmenter(const EncoderSettings &settings, Take take);

    PcmBlock &block() noexcept override { return *block_; }
    void add(int samples) override;

    /// Hands on what there is as the last segment. Nothing may be added afterwards.
    void finish();

    /// Of each channel.
    uint64_t samples() const noexcept { return samples_; }

private:
    void close_block();
    void hand_on(bool is_last);

    Grid grid_;
    int segment_blocks_; ///< of the segment that is being filled
    int channels_;
    Take take_;
    std::shared_ptr<PcmBlock> block_; ///< is being filled
    Segment segment_;                 ///< likewise
    uint64_t samples_ = 0;
};

} // namespace mp3conv::convert
