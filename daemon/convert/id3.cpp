#include "daemon/convert/id3.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/units.hpp"
#include "daemon/convert/id3_text.hpp"

namespace mp3conv::convert {
namespace {

using namespace std::string_literals;
using media::Chapter;
using media::Cover;
using media::Tags;

constexpr size_t longest_comment_bytes = 4096;
constexpr size_t longest_lyrics_bytes = 64 << 10;
constexpr char front_cover = 3;
constexpr char top_level_and_ordered = 3;

constexpr std::array<std::pair<const char *, const char *>, 9> line_frames{{
    {"TIT2", "title"},
    {"TPE1", "artist"},
    {"TALB", "album"},
    {"TPE2", "album_artist"},
    {"TRCK", "track"},
    {"TPOS", "disc"},
    {"TYER", "date"},
    {"TCON", "genre"},
    {"TCOM", "composer"},
}};

std::string value_of(const Tags &tags, const std::string &name) {
    const auto found = tags.find(name);
    return found == tags.end() ? std::string{} : found->second;
}

/// The frame has room for the year only.
std::string year_of(const std::string &date) {
    const std::string year = date.substr(0, 4);
    const bool digits = year.size() == 4 && std::all_of(year.begin(), year.end(), [](char c) {
                            return c >= '0' && c <= '9';
                        });
    return digits ? year : std::string{};
}

std::string line_of(const Tags &tags, const std::string &name) {
    const std::string line = clean_line(value_of(tags, name));
    return name == "date" ? year_of(line) : line;
}

std::string big_endian(size_t value, int bits_per_byte) {
    std::string bytes;
    for (int i = 3; i >= 0; --i) {
        bytes += static_cast<char>(value >> (i * bits_per_byte) & ((1U << bits_per_byte) - 1));
    }
    return bytes;
}

std::string frame(const char *id, const std::string &content) {
    return id + big_endian(content.size(), 8) + std::string(2, '\0') + content;
}

std::string line_frame(const char *id, const std::string &text) {
    if (text.empty()) return {};
    const Id3Encoding encoding{text};
    return frame(id, encoding.mark() + encoding.text(text));
}

/// A text of many lines has a language, which is not known, and a description, which is empty.
std::string lines_frame(const char *id, const std::string &text) {
    if (text.empty()) return {};
    const Id3Encoding encoding{text};
    const std::string language = encoding.mark() + "XXX"s;
    return frame(id, language + encoding.ended("") + encoding.text(text));
}

std::string cover_frame(const Cover &cover) {
    return frame("APIC", '\0' + cover.mime + '\0' + front_cover + '\0' + cover.bytes);
}

std::string chapter_id(size_t index) {
    return "ch" + std::to_string(index) + '\0';
}

std::string chapter_frame(const Chapter &chapter, size_t index) {
    const std::string no_offsets(8, '\xFF'); // the times count
    return frame("CHAP", chapter_id(index) + big_endian(chapter.start_ms, 8) +
                             big_endian(chapter.end_ms, 8) + no_offsets +
                             line_frame("TIT2", clean_line(chapter.title)));
}

std::string chapter_frames(const std::vector<Chapter> &chapters) {
    if (chapters.empty()) return {};
    const size_t count = std::min(chapters.size(), most_chapters);
    std::string contents = "toc\0"s + top_level_and_ordered + static_cast<char>(count);
    std::string frames;
    for (size_t i = 0; i < count; ++i) {
        contents += chapter_id(i);
        frames += chapter_frame(chapters[i], i);
    }
    return frame("CTOC", contents) + frames;
}

std::string fixed(std::string text, size_t bytes) {
    text.resize(bytes, '\0');
    return text;
}

} // namespace

std::string id3_tag(const media::Metadata &metadata) {
    const Tags &tags = metadata.tags;
    std::string frames;
    for (const auto &[id, name] : line_frames) frames += line_frame(id, line_of(tags, name));
    frames += lines_frame("COMM", clean_lines(value_of(tags, "comment"), longest_comment_bytes));
    frames += lines_frame("USLT", clean_lines(value_of(tags, "lyrics"), longest_lyrics_bytes));
    frames += chapter_frames(metadata.chapters);
    if (metadata.cover) frames += cover_frame(*metadata.cover);
    if (frames.empty()) return {};
    return "ID3\3\0\0"s + big_endian(frames.size(), 7) + frames;
}

std::string id3v1_tag(const Tags &tags) {
    const auto field = [&](const char *name, size_t bytes) {
        return fixed(latin1(line_of(tags, name)), bytes);
    };
    const std::string track = line_of(tags, "track"); // "3/12"
    const auto number = parse_number(track.substr(0, track.find('/'))).value_or(0);
    constexpr char no_genre = '\xFF';
    return "TAG" + field("title", 30) + field("artist", 30) + field("album", 30) +
           field("date", 4) + field("comment", 28) + '\0' +
           static_cast<char>(number < 256 ? number : 0) + no_genre;
}

} // namespace mp3conv::convert
