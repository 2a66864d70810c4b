#include "daemon/convert/parallel_encoder.hpp"

#include <chrono>
#include <utility>

namespace mp3conv::convert {
namespace {

constexpr std::chrono::milliseconds look_up_every{50};

} // namespace

ParallelEncoder::ParallelEncoder(const EncoderSettings &settings, const Cores::Seat &seat,
                                 Output &output, std::function<void()> meanwhile) :
    frame_samples_{grid_for(settings).frame_samples},
    meanwhile_{std::move(meanwhile)},
    stream_{output, LameTag::of_encoder(settings)},
    stitcher_{settings.mode, stream_, meanwhile_},
    segmenter_{settings, [this](Segment segment) { add(std::move(segment)); }},
    pool_{settings, seat} {}

void ParallelEncoder::finish() {
    segmenter_.finish();
    while (!pool_.is_empty()) stitch_oldest();
    stream_.finish(gaps());
}

double ParallelEncoder::encoded_part() const noexcept {
    const auto samples = static_cast<double>(segmenter_.samples());
    return samples > 0 ? static_cast<double>(pool_.encoded_samples()) / samples : 0;
}

/// The next segment is decoded once a thread can have it: the core is decoding's until then, and no
/// more samples are held than threads encode.
void ParallelEncoder::add(Segment segment) {
    pool_.add(std::move(segment));
    while (pool_.is_full()) stitch_oldest();
}

void ParallelEncoder::stitch_oldest() {
    for (;;) {
        auto encoded = pool_.take(look_up_every);
        if (meanwhile_) meanwhile_();
        if (encoded) return stitcher_.add(std::move(*encoded));
    }
}

/// What the frames hold besides the recording and the delay is padding.
Gaps ParallelEncoder::gaps() const noexcept {
    const uint64_t held = stream_.frames() * static_cast<uint64_t>(frame_samples_);
    return {lame_delay, static_cast<int>(held - lame_delay - segmenter_.samples())};
}

} // namespace mp3conv::convert
