// The tags of an MP3, whatever a video says of itself: a reader finds each frame where the one
// before says that it ends, its texts are well-formed, and nothing is left over.

#include <array>

#include "common/text.hpp"
#include "daemon/convert/id3.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

size_t big_endian(std::string_view bytes, int bits_per_byte) {
    size_t value = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        fuzz::require(byte >> bits_per_byte == 0, "a tag's size has seven bits a byte");
        value = value << bits_per_byte | byte;
    }
    return value;
}

std::string_view take(std::string_view &bytes, size_t count) {
    fuzz::require(count <= bytes.size(), "a frame ends inside of its tag");
    const auto taken = bytes.substr(0, count);
    bytes.remove_prefix(count);
    return taken;
}

void look_at_utf16(std::string_view text) {
    fuzz::require(text.size() % 2 == 0 && text.starts_with("\xFF\xFE"), "UTF-16 says its order");
    bool is_open = false; // a pair
    for (size_t i = 2; i < text.size(); i += 2) {
        const int kind = static_cast<unsigned char>(text[i + 1]) >> 2;
        const bool is_low = kind == 0xDC >> 2;
        fuzz::require(is_low == is_open, "surrogates come in pairs");
        is_open = kind == 0xD8 >> 2;
    }
    fuzz::require(!is_open, "surrogates come in pairs");
}

void look_at_text(std::string_view text, bool has_lines) {
    const char mark = take(text, 1).front();
    if (mark == '\1') return look_at_utf16(text);
    fuzz::require(mark == '\0', "a text is ISO-8859-1 or UTF-16");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_control = byte < 0x20 || (byte >= 0x7F && byte < 0xA0);
        fuzz::require(!is_control || (has_lines && c == '\n'), "a text moves no cursor");
    }
}

void look_at_frames(std::string_view frames);

void look_at_chapter(std::string_view content) {
    const size_t end = content.find('\0');
    fuzz::require(end != std::string_view::npos, "a chapter's name ends");
    take(content, end + 1);
    const size_t start_ms = big_endian(take(content, 4), 8);
    fuzz::require(big_endian(take(content, 4), 8) >= start_ms, "a chapter ends behind its start");
    take(content, 8);
    look_at_frames(content);
}

void look_at_frames(std::string_view frames) {
    while (!frames.empty()) {
        const std::string_view id = take(frames, 4);
        const size_t size = big_endian(take(frames, 4), 8);
        fuzz::require(take(frames, 2) == std::string_view{"\0\0", 2}, "a frame has no flags");
        std::string_view content = take(frames, size);
        if (id.starts_with('T')) look_at_text(content, false);
        if (id == "CHAP") look_at_chapter(content);
        if (id != "COMM" && id != "USLT") continue;
        const std::string mark{take(content, 1)};
        fuzz::require(take(content, 3) == "XXX", "a comment is of no language");
        take(content, mark == "\1" ? 4 : 1); // no description
        look_at_text(mark + std::string{content}, true);
    }
}

void look_at_tag(std::string_view tag) {
    if (tag.empty()) return;
    fuzz::require(take(tag, 6) == std::string_view{"ID3\3\0\0", 6}, "a tag is ID3v2.3");
    fuzz::require(big_endian(take(tag, 4), 7) == tag.size(), "a tag ends where it says");
    look_at_frames(tag);
}

/// "name=value" pairs and chapters' titles, each with a zero behind it, as values have lines.
media::Metadata metadata_of(std::string_view input) {
    media::Metadata metadata;
    uint32_t ms = 0;
    while (!input.empty()) {
        const std::string_view item = input.substr(0, input.find('\0'));
        input.remove_prefix(item.size() < input.size() ? item.size() + 1 : item.size());
        const size_t equals = item.find('=');
        if (equals == std::string_view::npos) {
            metadata.chapters.push_back({ms, ms + 1000, std::string{item}});
            ms += 1000;
        } else if (item.starts_with("cover=")) {
            metadata.cover = media::Cover{"image/png", std::string{item.substr(6)}};
        } else {
            metadata.tags.emplace(item.substr(0, equals), item.substr(equals + 1));
        }
    }
    return metadata;
}

void look(std::string_view input) {
    const auto metadata = metadata_of(input);
    look_at_tag(id3_tag(metadata));
    const std::string old = id3v1_tag(metadata.tags);
    fuzz::require(old.size() == 128 && old.starts_with("TAG"), "an ID3v1 tag has 128 bytes");
}

const fuzz::Target target{"id3", look};

} // namespace
