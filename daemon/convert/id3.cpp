#include "daemon/convert/id3.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "common/text.hpp"

namespace mp3conv::convert {
namespace {

constexpr size_t longest_text_bytes = 4096;

constexpr std::array<std::pair<std::string_view, const char *>, 10> frame_ids{{
    {"TIT2", "title"},
    {"TPE1", "artist"},
    {"TALB", "album"},
    {"TPE2", "album_artist"},
    {"TRCK", "track"},
    {"TPOS", "disc"},
    {"TYER", "date"},
    {"TCON", "genre"},
    {"TCOM", "composer"},
    {"COMM", "comment"},
}};

std::string cut(std::string text) {
    if (text.size() <= longest_text_bytes) return text;
    text.resize(longest_text_bytes);
    while (!is_utf8(text)) text.pop_back();
    return text;
}

std::string clean_line(std::string line) {
    std::replace(line.begin(), line.end(), '\t', ' ');
    return std::string{trim(printable(trim(line)))};
}

std::string clean_lines(std::string_view text) {
    std::string clean;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        clean += clean_line(std::string{line}) + '\n';
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return std::string{trim(clean)};
}

/// The frame has room for the year only.
std::string year_of(const std::string &date) {
    const std::string year = date.substr(0, 4);
    const bool digits = year.size() == 4 && std::all_of(year.begin(), year.end(), [](char c) {
                            return c >= '0' && c <= '9';
                        });
    return digits ? year : std::string{};
}

std::string text_for(std::string_view id, const std::string &value) {
    if (id == "COMM") return cut(clean_lines(value.substr(0, 2 * longest_text_bytes)));
    const std::string line = clean_line(value.substr(0, 2 * longest_text_bytes));
    return id == "TYER" ? year_of(line) : cut(line);
}

/// @param utf8 well-formed.
std::u32string code_points(std::string_view utf8) {
    std::u32string points;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        const bool continues = (byte & 0xC0) == 0x80;
        const unsigned lead = byte < 0xE0 ? byte & 0x1FU : byte < 0xF0 ? byte & 0x0FU : byte & 7U;
        if (continues) {
            points.back() = points.back() << 6 | (byte & 0x3FU);
        } else {
            points += static_cast<char32_t>(byte < 0x80 ? byte : lead);
        }
    }
    return points;
}

void put_utf16(std::string &bytes, char32_t unit) {
    bytes += static_cast<char>(unit & 0xFF);
    bytes += static_cast<char>(unit >> 8);
}

std::string utf16(std::u32string_view points) {
    std::string bytes = "\xFF\xFE"; // little end first
    for (const char32_t point : points) {
        if (point < 0x10000) {
            put_utf16(bytes, point);
        } else {
            put_utf16(bytes, 0xD800 + ((point - 0x10000) >> 10));
            put_utf16(bytes, 0xDC00 + (point & 0x3FF));
        }
    }
    return bytes;
}

std::string latin1(std::u32string_view points) {
    return {points.begin(), points.end()};
}

std::string big_endian(size_t value, int bits_per_byte) {
    std::string bytes;
    for (int i = 3; i >= 0; --i) {
        bytes += static_cast<char>(value >> (i * bits_per_byte) & ((1U << bits_per_byte) - 1));
    }
    return bytes;
}

/// A comment has a language, which is not known, and a short description, which is empty.
std::string body(std::string_view id, std::string_view text) {
    const std::u32string points = code_points(text);
    const bool narrow =
        std::all_of(points.begin(), points.end(), [](char32_t p) { return p < 256; });
    std::string bytes(1, narrow ? '\0' : '\1');
    if (id == "COMM")
        bytes += "XXX" + (narrow ? std::string(1, '\0') : utf16({}) + std::string(2, '\0'));
    return bytes + (narrow ? latin1(points) : utf16(points));
}

std::string frame(std::string_view id, std::string_view text) {
    const std::string content = body(id, text);
    return std::string{id} + big_endian(content.size(), 8) + std::string(2, '\0') + content;
}

} // namespace

std::string id3_tag(const Tags &tags) {
    std::string frames;
    for (const auto &[id, name] : frame_ids) {
        const auto found = tags.find(name);
        if (found == tags.end()) continue;
        const std::string text = text_for(id, found->second);
        if (!text.empty()) frames += frame(id, text);
    }
    if (frames.empty()) return {};
    return std::string{"ID3\3\0\0", 6} + big_endian(frames.size(), 7) + frames;
}

} // namespace mp3conv::convert
