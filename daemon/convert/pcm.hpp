#pragma once

#include <cstddef>
#include <vector>

namespace mp3conv::convert {

/// Samples on their way to LAME: one plane for each channel, full scale ±1. A view; whoever hands
/// it on owns the samples.
struct Pcm {
    const float *left = nullptr;
    const float *right = nullptr; ///< the same as left where there is one channel
    int samples = 0;              ///< of each channel
};

/// A stretch of a recording. The decoder's thread writes it once; whoever encodes it only reads.
class PcmBlock {
public:
    PcmBlock(int channels, int capacity) :
        left_(static_cast<size_t>(capacity)),
        right_(channels == 1 ? 0 : static_cast<size_t>(capacity)) {}

    Pcm pcm() const noexcept {
        return {left_.data(), right_.empty() ? left_.data() : right_.data(), samples_};
    }

    /// Where the next samples go; `right_end` is null where there is one channel.
    float *left_end() noexcept { return left_.data() + samples_; }
    float *right_end() noexcept { return right_.empty() ? nullptr : right_.data() + samples_; }
    int room() const noexcept { return static_cast<int>(left_.size()) - samples_; }
    void add(int samples) noexcept { samples_ += samples; }
    void clear() noexcept { samples_ = 0; }

private:
    std::vector<float> left_;
    std::vector<float> right_;
    int samples_ = 0;
};

/// Where a recording's samples go.
class PcmSink {
public:
    virtual ~PcmSink() = default;

    /// Where the next samples are to be written; has room for at least one.
    virtual PcmBlock &block() noexcept = 0;
    /// Takes that many samples of each channel, which were written there.
    virtual void add(int samples) = 0;
};

} // namespace mp3conv::convert
