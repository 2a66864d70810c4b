#include <algorithm>
#include <doctest/doctest.h>

#include "common/error.hpp"
#include "daemon/convert/frame_writer.hpp"
#include "daemon/convert/lame.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;
using namespace mp3conv::test;

namespace {

const std::string sweep = "-f lavfi -i 'aevalsrc=0.4*sin(300*t*t)|0.3*random(0):s=44100:d=3' ";

/// @return a stream that LAME made alone.
std::string lame_stream(const std::string &options) {
    const TempDir dir;
    ffmpeg(sweep + "-bitexact -id3v2_version 0 " + options + " " + (dir / "lame.mp3"));
    return stream_of(dir / "lame.mp3");
}

} // namespace

TEST_CASE("a header says how long its frame is") {
    const auto header = parse_frame_header("\xFF\xFB\x92\x64");
    REQUIRE(header);
    CHECK(header->is_mpeg1);
    CHECK(header->rate_hz == 44100);
    CHECK(header->channels == 2);
    CHECK(header->kbps() == 128);
    CHECK(header->bytes() == 418); // 144 * 128000 / 44100, and one of padding
    CHECK(header->head_bytes() == 36);
    CHECK(parse_frame_header("\xFF\xE3\x88\xC4")->rate_hz == 8000); // as LAME extends MPEG
}

TEST_CASE("what is no header of layer III is none") {
    CHECK_FALSE(parse_frame_header("\xFF\xFB\x92"));
    CHECK_FALSE(parse_frame_header("ID3\x03"));
    CHECK_FALSE(parse_frame_header("\xFF\xFD\x92\x64"));                      // layer II
    CHECK_FALSE(parse_frame_header("\xFF\xFB\x9C\x64"));                      // no such rate
    CHECK_FALSE(parse_frame_header(std::string_view{"\xFF\xFB\x02\x64", 4})); // free bitrate
}

TEST_CASE("frames that are laid anew lie as LAME had laid them") {
    struct Case {
        const char *options;
        BitrateMode mode;
    };
    for (const auto &[options, mode] :
         {Case{"-q:a 2", BitrateMode::variable}, Case{"-q:a 9 -ar 22050", BitrateMode::variable},
          Case{"-b:a 64k", BitrateMode::constant}, Case{"-b:a 320k -ac 1", BitrateMode::constant},
          Case{"-b:a 24k -ar 11025", BitrateMode::constant},
          Case{"-abr 1 -b:a 128k", BitrateMode::average}}) {
        CAPTURE(options);
        Reservoir reservoir{mode};
        const auto frames = frames_in(lame_stream(options));
        REQUIRE(frames.size() > 50);
        for (size_t i = 0; i + 1 < frames.size(); ++i) { // the last may be cut shorter
            const auto place = reservoir.place(frames[i]);
            REQUIRE(place);
            CHECK(place->header.bitrate_index == frames[i].header.bitrate_index);
            CHECK(place->main_data_begin == frames[i].main_data_begin);
        }
    }
}

TEST_CASE("a stream that was taken apart and put together sounds the same") {
    const TempDir dir;
    ffmpeg(sweep + "-q:a 3 " + (dir / "lame.mp3"));
    const auto frames = frames_in(stream_of(dir / "lame.mp3"));
    const Fd fd = open_file(dir / "anew.mp3", O_RDWR | O_CREAT);
    Output output{fd.get()};
    Mp3Stream stream{output, LameTag::of_encoder({BitrateMode::variable, 3, 0, 44100, 2})};
    FrameWriter writer{BitrateMode::variable, stream};
    for (const Frame &frame : frames) writer.write(frame);
    writer.finish();
    const auto samples = static_cast<int>(frames.size()) * 1152;
    stream.finish(Gaps{lame_delay, samples - lame_delay - 3 * 44100});
    CHECK(decoded(dir / "anew.mp3") == decoded(dir / "lame.mp3"));
    CHECK(complaints_about(dir / "anew.mp3") == "");
}

TEST_CASE("the parser waits for what has not come yet") {
    const std::string stream = lame_stream("-q:a 4");
    const auto frames = frames_in(stream);
    FrameParser parser;
    size_t count = 0;
    for (const char byte : stream.substr(parse_frame_header(stream)->bytes())) {
        parser.feed({&byte, 1});
        while (const auto frame = parser.next()) CHECK(is_same_sound(*frame, frames[count++]));
    }
    CHECK(count == frames.size());
}

TEST_CASE("a stream that begins in the middle is refused") {
    const std::string stream = lame_stream("-q:a 2");
    const auto tag = parse_frame_header(stream);
    const auto first = parse_frame_header(std::string_view{stream}.substr(tag->bytes()));
    FrameParser parser;
    parser.feed(std::string_view{stream}.substr(tag->bytes() + first->bytes()));
    CHECK_THROWS_AS(parser.next(), Error); // its main data is in the frame that is missing
}

TEST_CASE("a short window comes only behind a start window or another short one") {
    Frame before;
    Frame after;
    const auto can = [&](Window last, Window first) {
        before.last_windows = {last, last};
        after.first_windows = {first, first};
        return can_follow(before, after);
    };
    CHECK(can(Window::normal, Window::normal));
    CHECK(can(Window::normal, Window::start));
    CHECK(can(Window::start, Window::brief));
    CHECK(can(Window::brief, Window::stop));
    CHECK(can(Window::stop, Window::normal));
    CHECK_FALSE(can(Window::normal, Window::brief));
    CHECK_FALSE(can(Window::start, Window::normal));
    CHECK_FALSE(can(Window::brief, Window::start));
    CHECK_FALSE(can(Window::stop, Window::stop));
}
