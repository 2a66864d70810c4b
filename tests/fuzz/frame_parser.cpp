// A target for libFuzzer: whatever bytes come, the parser takes them apart or refuses them, and
// what it takes apart can be laid anew. Built where the compiler is clang; the corpus is replayed
// by the unit tests.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/error.hpp"
#include "daemon/convert/frame_parser.hpp"
#include "daemon/convert/reservoir.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

void look_at(const Frame &frame, Reservoir &reservoir) {
    require(frame.head.size() == frame.header.head_bytes());
    require(frame.left <= most_left(frame.header));
    require(is_same_sound(frame, frame));
    const auto place = reservoir.place(frame);
    require(!place || place->main_data_begin <= 511);
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (const auto mode : {BitrateMode::constant, BitrateMode::variable, BitrateMode::average}) {
        try {
            parse_in_halves({reinterpret_cast<const char *>(data), size}, mode);
        } catch (const Error &) { // refused
        }
    }
    return 0;
}
