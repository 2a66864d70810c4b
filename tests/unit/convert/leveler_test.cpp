#include "daemon/convert/leveler.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace mp3conv::convert;

namespace {

/// Keeps what comes.
class Recorder final : public PcmSink {
public:
    explicit Recorder(int channels) : block_{channels, 100} {}

    PcmBlock &block() noexcept override { return block_; }
    void add(int samples) override {
        block_.add(samples);
        const Pcm pcm = block_.pcm();
        left.insert(left.end(), pcm.left, pcm.left + pcm.samples);
        right.insert(right.end(), pcm.right, pcm.right + pcm.samples);
        block_.clear();
    }

    std::vector<float> left;
    std::vector<float> right;

private:
    PcmBlock block_;
};

EncoderSettings settings(int channels) {
    EncoderSettings settings;
    settings.channels = channels;
    return settings;
}

/// @return what comes of samples that are added in pieces of that size.
Recorder level(double gain, const std::vector<float> &left, const std::vector<float> &right,
               size_t piece) {
    const int channels = right.empty() ? 1 : 2;
    Recorder recorder{channels};
    Leveler leveler{gain, settings(channels), recorder};
    for (size_t i = 0; i < left.size(); i += piece) {
        const size_t count = std::min(piece, left.size() - i);
        PcmBlock &block = leveler.block();
        std::copy_n(left.begin() + static_cast<long>(i), count, block.left_end());
        if (channels == 2) {
            std::copy_n(right.begin() + static_cast<long>(i), count, block.right_end());
        }
        leveler.add(static_cast<int>(count));
    }
    leveler.finish();
    return recorder;
}

std::vector<float> sine(size_t count, double amplitude) {
    std::vector<float> samples;
    for (size_t i = 0; i < count; ++i) {
        samples.push_back(static_cast<float>(amplitude * std::sin(static_cast<double>(i) * 0.05)));
    }
    return samples;
}

double loudest(const std::vector<float> &samples) {
    double peak = 0;
    for (const float sample : samples) peak = std::max(peak, std::abs(static_cast<double>(sample)));
    return peak;
}

} // namespace

TEST_CASE("what stays below the ceiling is multiplied, and nothing else") {
    for (const size_t count : {size_t{1}, size_t{100}, size_t{221}, size_t{50'000}}) {
        CAPTURE(count);
        const auto source = sine(count, 0.2);
        const auto got = level(2.0, source, {}, 1000).left;
        REQUIRE(got.size() == count);
        for (size_t i = 0; i < count; ++i) CHECK(got[i] == source[i] * 2);
    }
}

TEST_CASE("no peak comes out above 2 dB below full scale, however it comes in") {
    auto left = sine(100'000, 0.3);
    auto right = sine(100'000, 0.1);
    for (size_t i = 500; i < left.size(); i += 7919) left[i] = 0.9F; // clicks
    for (size_t i = 60'000; i < 70'000; ++i) right[i] *= 9;
    const auto got = level(3.0, left, right, 999);
    REQUIRE(got.left.size() == left.size());
    CHECK(loudest(got.left) <= 0.7944);
    CHECK(loudest(got.right) <= 0.7944);
    CHECK(loudest(got.left) > 0.79);
}

TEST_CASE("a peak in one channel turns both down, so that nothing moves to the side") {
    const std::vector<float> left(20'000, 0.5F);
    std::vector<float> right(20'000, 0.25F);
    right[10'000] = 1.0F;
    const auto got = level(1.0, left, right, 4000);
    for (size_t i = 0; i < left.size(); ++i) {
        if (i != 10'000) CHECK(got.left[i] == doctest::Approx(2 * got.right[i]));
    }
    CHECK(got.left[10'000] < 0.45);
    CHECK(got.left[9'000] == doctest::Approx(0.5));
    CHECK(got.left[19'999] == doctest::Approx(0.5).epsilon(0.05)); // and comes back
}

TEST_CASE("the pieces in which a recording comes make no difference") {
    auto source = sine(30'000, 0.5);
    for (size_t i = 100; i < source.size(); i += 3001) source[i] = -1.0F;
    CHECK(level(2.5, source, {}, 1).left == level(2.5, source, {}, 4096).left);
}
