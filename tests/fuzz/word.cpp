// What a child of the sandbox says that a file has taken over: the daemon believes what could be
// true, and takes no message for anything else.

#include <algorithm>
#include <cmath>

#include "common/media/feed.hpp"
#include "common/text.hpp"
#include "daemon/sandbox/messages.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::sandbox;

namespace {

constexpr size_t longest_sentence = 500;

void require_sentence(const std::string &text) {
    fuzz::require(text.size() <= longest_sentence, "what it says is short");
    fuzz::require(printable(text) == text, "what it says moves no cursor");
}

void require_name(const std::string &name) {
    const bool is_plain =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
    fuzz::require(name.size() <= 32 && is_plain, "a codec's name is a word");
}

void require_seconds(double seconds) {
    fuzz::require(seconds >= 0 && seconds <= 1e9, "no recording lasts for ever");
}

void look_at(const Progress &progress) {
    fuzz::require(progress.part >= 0 && progress.part <= 1, "a part is a part");
}

void look_at(const Wanted &wanted) {
    uint64_t bytes = 0;
    for (const auto &range : wanted.ranges) {
        fuzz::require(range.count <= media::Feed::most_bytes, "what it wants is not much");
        bytes += range.count;
    }
    fuzz::require(bytes <= media::Feed::most_bytes, "nor is all of it");
    fuzz::require(wanted.ranges.size() <= media::Feed::most_ranges, "nor in many parts");
}

void look_at(const convert::Report &report) {
    require_seconds(report.source.duration_s.value());
    require_seconds(report.source.lost_s.value_or(0));
    require_seconds(report.duration_s);
    require_name(report.source.format.value());
    require_name(report.source.codec.value());
    require_sentence(report.note.value_or(""));
    fuzz::require(report.bitrate_bps >= 0, "a bitrate counts bits");
}

void look_at(const Error &error) {
    require_sentence(error.what());
    require_sentence(error.cause());
    fuzz::require(traits(error.code()).exit_code != 4, "a conversion says nothing of logins");
}

void look(std::string_view text) {
    try {
        const Word word = parse_word(text);
        std::visit([](const auto &said) { look_at(said); }, word);
        const std::string again = encode(word);
        fuzz::require(encode(parse_word(again)) == again, "what is said comes over");
    } catch (const Error &e) {
        fuzz::require(e.code() == Errc::conversion_crashed, "who lies was taken over");
    }
}

const fuzz::Target target{"word", look};

} // namespace
