#include "common/media/feed.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <random>
#include <vector>

#include "common/media/source.hpp"
#include "tests/unit/convert/elsewhere.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string sound = "-f lavfi -i sine=d=30 ";
const std::string film = "-f lavfi -i testsrc=d=30:s=640x480:r=25 " + sound;

/// Converts what is elsewhere. @return what was fetched of it, as a part.
double part_fetched(const TempDir &dir, const std::string &name, const Options &options = {}) {
    CAPTURE(name);
    Elsewhere elsewhere{dir / name};
    const auto fetch = [&](const std::vector<ByteRange> &ranges) {
        CHECK(ranges.size() <= media::Feed::most_ranges);
        elsewhere.fetch(ranges);
        return true;
    };
    const media::Source source{elsewhere.fd(),
                               std::make_shared<media::Feed>(elsewhere.size(), fetch)};
    const Fd mp3 = open_file(dir / "far.mp3", O_RDWR | O_CREAT | O_TRUNC);
    convert::Cores cores{3};
    convert::convert(source, mp3.get(), options, cores, {});
    convert_file(dir / name, dir / "near.mp3", options);
    CHECK((bytes_of(dir / "far.mp3") == bytes_of(dir / "near.mp3")));
    CHECK(elsewhere.requests() < 60);
    return static_cast<double>(elsewhere.fetched()) / static_cast<double>(elsewhere.size());
}

} // namespace

TEST_CASE("of a film with an index elsewhere, little more than the sound is fetched") {
    const TempDir dir;
    ffmpeg(film + "-c:v rawvideo -pix_fmt uyvy422 -c:a aac " + (dir / "film.mov"));
    CHECK(part_fetched(dir, "film.mov") < 0.02);
    ffmpeg("-i " + (dir / "film.mov") + " -c copy -movflags +faststart " + (dir / "fast.mov"));
    CHECK(part_fetched(dir, "fast.mov") < 0.02);
    Options louder;
    louder.normalize_lufs = -16;
    CHECK(part_fetched(dir, "film.mov", louder) < 0.02); // which reads it twice
}

TEST_CASE("a file without an index is fetched once, in few requests") {
    const TempDir dir;
    for (const char *name : {"a.mkv", "a.ts", "a.wav", "a.mp3", "a.flac", "a.ogg"}) {
        ffmpeg(sound + (dir / name));
        CHECK(part_fetched(dir, name) <= 1);
    }
    ffmpeg(film + "-c:v mpeg4 -c:a aac -movflags frag_keyframe+empty_moov " + (dir / "a.mp4"));
    CHECK(part_fetched(dir, "a.mp4") <= 1);
}

TEST_CASE("a small file is brought in one request, wherever it is read first") {
    const TempDir dir;
    write_file(dir / "bytes", std::string(1 << 20, 'a'));
    for (const uint64_t first : {0, 500'000}) {
        Elsewhere elsewhere{dir / "bytes"};
        const auto fetch = [&](const std::vector<ByteRange> &ranges) {
            elsewhere.fetch(ranges);
            return true;
        };
        media::Feed feed{elsewhere.size(), fetch};
        for (const uint64_t at : {first, uint64_t{1000}, elsewhere.size() - 1}) {
            REQUIRE(feed.bring(ByteRange{at, 1}));
        }
        CHECK(elsewhere.fetched() == elsewhere.size());
        CHECK(elsewhere.requests() == 1);
    }
}

TEST_CASE("whatever is read of a fed file was brought before, and once") {
    const TempDir dir;
    std::string bytes(3'000'000, '\0');
    std::mt19937 random{7};
    for (char &byte : bytes) byte = static_cast<char>(random());
    write_file(dir / "bytes", bytes);
    Elsewhere elsewhere{dir / "bytes"};
    std::vector<bool> here(bytes.size());
    const auto fetch = [&](const std::vector<ByteRange> &ranges) {
        for (const auto &[first, count] : ranges) {
            const auto begin = here.begin() + static_cast<ptrdiff_t>(first);
            const auto end = begin + static_cast<ptrdiff_t>(count);
            REQUIRE(std::find(begin, end, true) == end);
            std::fill(begin, end, true);
        }
        elsewhere.fetch(ranges);
        return true;
    };
    const media::Source source{elsewhere.fd(), std::make_shared<media::Feed>(bytes.size(), fetch)};
    for (int i = 0; i < 300; ++i) {
        const uint64_t at = random() % (bytes.size() + 100);
        std::string read(1 + random() % 200'000 / (1 + random() % 100), '\0');
        const ssize_t got = source.read(at, read.data(), read.size());
        read.resize(static_cast<size_t>(got));
        REQUIRE((read == (at < bytes.size() ? bytes.substr(at, read.size()) : "")));
        REQUIRE(read.empty() == (at >= bytes.size()));
    }
}

TEST_CASE("between however many holes, no more is asked for at once than may be") {
    const TempDir dir;
    write_file(dir / "bytes", std::string(20 << 20, 'a'));
    Elsewhere elsewhere{dir / "bytes"};
    const auto fetch = [&](const std::vector<ByteRange> &ranges) {
        uint64_t bytes = 0;
        for (const auto &range : ranges) bytes += range.count;
        CHECK(ranges.size() <= media::Feed::most_ranges);
        CHECK(bytes <= media::Feed::most_bytes);
        elsewhere.fetch(ranges);
        return true;
    };
    const media::Source source{elsewhere.fd(),
                               std::make_shared<media::Feed>(elsewhere.size(), fetch)};
    for (uint64_t begin = 0; begin < elsewhere.size(); begin += 4 << 20) {
        std::vector<ByteRange> ranges;
        for (uint64_t i = 0; i < 64; ++i) ranges.push_back({begin + i * (64 << 10), 1 << 10});
        source.expect(ranges);
    }
    std::string read(100'000, '\0');
    for (uint64_t at = 0; at < elsewhere.size(); at += read.size()) {
        CHECK(source.read(at, read.data(), read.size()) > 0);
    }
    CHECK(elsewhere.fetched() == elsewhere.size());
}

TEST_CASE("bytes that cannot be brought are an error, not zeros") {
    const TempDir dir;
    write_file(dir / "bytes", std::string(1000, 'a'));
    Elsewhere elsewhere{dir / "bytes"};
    const media::Source source{
        elsewhere.fd(), std::make_shared<media::Feed>(1000, [](const auto &) { return false; })};
    char byte = 0;
    CHECK(source.read(0, &byte, 1) == -1);
}
