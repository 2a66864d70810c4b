// Whatever bytes come, the parser of MP3 frames takes them apart or refuses them, and what it takes
// apart can be laid anew.

#include "daemon/convert/frame_parser.hpp"
#include "common/error.hpp"
#include "daemon/convert/reservoir.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

void look_at(const Frame &frame, Reservoir &reservoir) {
    fuzz::require(frame.head.size() == frame.header.head_bytes(), "a frame's head is whole");
    fuzz::require(frame.left <= most_left(frame.header), "a frame leaves what it can at most");
    fuzz::require(is_same_sound(frame, frame), "a frame sounds like itself");
    const auto place = reservoir.place(frame);
    fuzz::require(!place || place->main_data_begin <= 511, "nine bits tell where its data begin");
}

/// Halves make the parser wait for the rest of a frame.
void parse_in_halves(std::string_view bytes, BitrateMode mode) {
    FrameParser parser;
    Reservoir reservoir{mode};
    for (const auto half : {bytes.substr(0, bytes.size() / 2), bytes.substr(bytes.size() / 2)}) {
        parser.feed(half);
        while (const auto frame = parser.next()) look_at(*frame, reservoir);
    }
}

void look(std::string_view bytes) {
    for (const auto mode : {BitrateMode::constant, BitrateMode::variable, BitrateMode::average}) {
        try {
            parse_in_halves(bytes, mode);
        } catch (const Error &) { // refused
        }
    }
}

const fuzz::Target target{"frame_parser", look};

} // namespace
