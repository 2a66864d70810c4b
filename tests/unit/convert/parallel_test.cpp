#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <random>

#include "common/error.hpp"
#include "daemon/convert/lame.hpp"
#include "daemon/convert/parallel_encoder.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;
using namespace mp3conv::test;

namespace {

/// Chords, beats and pauses, which make LAME switch windows and fill its reservoir.
class Music {
public:
    explicit Music(uint32_t seed) : random_{seed} {}

    float next(int rate_hz) {
        const int beat = rate_hz / 3;
        if (at_ % beat == 0) pitch_ = static_cast<float>(110 * (1 + random_() % 12));
        const auto since = static_cast<float>(at_ % beat) / static_cast<float>(beat);
        const bool pauses = at_ / beat % 16 == 15;
        const auto t = static_cast<float>(at_++) / static_cast<float>(rate_hz);
        const float noise = static_cast<float>(random_() % 2001) / 1000 - 1;
        const float tone = std::sin(6.2832F * pitch_ * t) * std::exp(-3 * since);
        return pauses ? 0 : 0.4F * tone + 0.3F * noise * std::exp(-30 * since);
    }

private:
    std::minstd_rand random_;
    float pitch_ = 110;
    int at_ = 0;
};

void make_music(Segmenter &to, const EncoderSettings &settings, int samples, uint32_t seed) {
    Music left{seed};
    Music right{seed + 1};
    while (samples > 0) {
        PcmBlock &block = to.block();
        const int count = std::min(samples, block.room());
        for (int i = 0; i < count; ++i) {
            block.left_end()[i] = left.next(settings.rate_hz);
            if (block.right_end()) block.right_end()[i] = right.next(settings.rate_hz);
        }
        to.add(count);
        samples -= count;
    }
}

/// @return what ParallelEncoder makes of so much music.
void encode(const std::string &path, const EncoderSettings &settings, int samples, int threads,
            uint32_t seed) {
    const Fd fd = open_file(path, O_RDWR | O_CREAT | O_TRUNC);
    Output output{fd.get()};
    Cores cores{threads};
    const Cores::Seat seat{cores};
    ParallelEncoder encoder{settings, seat, output, {}};
    make_music(encoder.input(), settings, samples, seed);
    encoder.finish();
}

/// @return what LAME makes of the same alone, its own tag in front.
std::string encode_plainly(const EncoderSettings &settings, int samples, uint32_t seed) {
    const Lame lame = open_lame(settings, true);
    std::string bytes;
    std::vector<unsigned char> buffer(most_lame_bytes(100'000));
    const auto capacity = static_cast<int>(buffer.size());
    const auto append = [&](int size) {
        REQUIRE(size >= 0);
        bytes.append(reinterpret_cast<const char *>(buffer.data()), static_cast<size_t>(size));
    };
    Segmenter segmenter{settings, [&](const Segment &segment) {
                            for (const auto &block : segment.own_blocks()) {
                                const Pcm pcm = block->pcm();
                                append(lame_encode_buffer_ieee_float(lame.get(), pcm.left,
                                                                     pcm.right, pcm.samples,
                                                                     buffer.data(), capacity));
                            }
                        }};
    make_music(segmenter, settings, samples, seed);
    segmenter.finish();
    append(lame_encode_flush(lame.get(), buffer.data(), capacity));
    const size_t tag = lame_get_lametag_frame(lame.get(), buffer.data(), buffer.size());
    bytes.replace(0, tag, reinterpret_cast<const char *>(buffer.data()), tag);
    return bytes;
}

size_t count_same(const std::vector<Frame> &a, const std::vector<Frame> &b) {
    REQUIRE(a.size() == b.size());
    size_t same = 0;
    for (size_t i = 0; i < a.size(); ++i) same += is_same_sound(a[i], b[i]);
    return same;
}

constexpr int minute = 60 * 44100;

const EncoderSettings v2{};
const EncoderSettings v0_low{BitrateMode::variable, 0, 0, 24000, 2};
const EncoderSettings v6_voice{BitrateMode::variable, 6, 0, 24000, 1};
const EncoderSettings cbr192{BitrateMode::constant, 0, 192, 44100, 2};
const EncoderSettings cbr64{BitrateMode::constant, 0, 64, 22050, 1};
const EncoderSettings abr128{BitrateMode::average, 0, 128, 48000, 2};

} // namespace

TEST_CASE("a file shorter than a segment is LAME's own, bit by bit, tag and all") {
    const TempDir dir;
    for (const auto &settings : {v2, v6_voice, cbr192, cbr64, abr128}) {
        CAPTURE(settings.rate_hz);
        for (const int samples : {1, 1000, 100'000}) {
            encode(dir / "out.mp3", settings, samples, 3, 7);
            CHECK(bytes_of(dir / "out.mp3") == encode_plainly(settings, samples, 7));
        }
    }
}

TEST_CASE("nearly all frames are those of one LAME, joins or not") {
    const TempDir dir;
    for (const auto &settings : {v2, v6_voice, cbr192, cbr64, abr128}) {
        CAPTURE(settings.rate_hz);
        encode(dir / "out.mp3", settings, minute, 3, 11);
        const auto plain = frames_in(encode_plainly(settings, minute, 11));
        const auto frames = frames_in(stream_of(dir / "out.mp3"));
        CHECK(count_same(frames, plain) > frames.size() * 98 / 100);
    }
}

TEST_CASE("where the best quality asks for more than MP3 has, each frame is that of one LAME") {
    const TempDir dir;
    encode(dir / "out.mp3", v0_low, minute, 3, 11);
    const auto frames = frames_in(stream_of(dir / "out.mp3"));
    CHECK(count_same(frames, frames_in(encode_plainly(v0_low, minute, 11))) == frames.size());
}

TEST_CASE("whatever length and settings: as long as the source, and as sound as plain LAME") {
    constexpr uint32_t first_seed = 20240229;
    MESSAGE("seed ", first_seed);
    std::mt19937 random{first_seed};
    const TempDir dir;
    const std::vector<EncoderSettings> all{v2, v6_voice, cbr192, cbr64, abr128};
    for (int i = 0; i < 10; ++i) {
        const EncoderSettings settings = all[random() % all.size()];
        const int samples = 1 + static_cast<int>(random() % (3 * minute / 2));
        const int threads = 1 + static_cast<int>(random() % 5);
        const uint32_t seed = random();
        CAPTURE(i);
        CAPTURE(samples);
        CAPTURE(threads);
        encode(dir / "out.mp3", settings, samples, threads, seed);
        CHECK(samples_in(dir / "out.mp3", settings.channels) == samples);
        CHECK(output_of("mpg123 -q -s " + (dir / "out.mp3")).size() / 2 ==
              static_cast<size_t>(samples * settings.channels));
        const std::string complaints = complaints_about(dir / "out.mp3");
        if (complaints.empty()) continue;
        write_file(dir / "plain.mp3", encode_plainly(settings, samples, seed));
        CHECK(complaints == complaints_about(dir / "plain.mp3"));
    }
}

TEST_CASE("a recording that ends just behind a segment's last sample loses nothing") {
    const TempDir dir;
    const Grid grid = grid_for(v2);
    const int segment = grid.frame_samples * grid.block_frames * grid.first_blocks;
    for (const int more : {-1, 0, 1, 223, 225}) {
        CAPTURE(more);
        encode(dir / "out.mp3", v2, segment + more, 2, 5);
        CHECK(samples_in(dir / "out.mp3", 2) == segment + more);
        CHECK(complaints_about(dir / "out.mp3") == "");
    }
}

TEST_CASE("the same bytes come out, however many threads work on them") {
    const TempDir dir;
    encode(dir / "one.mp3", cbr192, 2 * minute, 1, 3);
    encode(dir / "five.mp3", cbr192, 2 * minute, 5, 3);
    CHECK(bytes_of(dir / "one.mp3") == bytes_of(dir / "five.mp3"));
}

TEST_CASE("who waits can stop the encoders while they are busy") {
    const TempDir dir;
    const Fd fd = open_file(dir / "out.mp3", O_RDWR | O_CREAT);
    Output output{fd.get()};
    Cores cores{2};
    const Cores::Seat seat{cores};
    const auto stop = [] { throw Error{Errc::cancelled, "cancelled"}; };
    ParallelEncoder encoder{v2, seat, output, stop};
    CHECK_THROWS_AS(make_music(encoder.input(), v2, 10 * minute, 1), Error);
}
