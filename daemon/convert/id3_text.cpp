#include "daemon/convert/id3_text.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace mp3conv::convert {
namespace {

constexpr size_t longest_line_bytes = 4096;

std::string cut(std::string text, size_t most_bytes) {
    if (text.size() <= most_bytes) return text;
    text.resize(most_bytes);
    while (!is_utf8(text)) text.pop_back();
    return text;
}

std::string tidy(std::string_view text) {
    std::string line{trim(text)};
    std::replace(line.begin(), line.end(), '\t', ' ');
    return std::string{trim(printable(line))};
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

bool is_narrow(std::string_view utf8) {
    const std::u32string points = code_points(utf8);
    return std::all_of(points.begin(), points.end(), [](char32_t point) { return point < 256; });
}

void put_utf16(std::string &bytes, char32_t unit) {
    bytes += static_cast<char>(unit & 0xFF);
    bytes += static_cast<char>(unit >> 8);
}

std::string utf16(std::string_view utf8) {
    std::string bytes = "\xFF\xFE"; // little end first
    for (const char32_t point : code_points(utf8)) {
        if (point < 0x10000) {
            put_utf16(bytes, point);
        } else {
            put_utf16(bytes, 0xD800 + ((point - 0x10000) >> 10));
            put_utf16(bytes, 0xDC00 + (point & 0x3FF));
        }
    }
    return bytes;
}

} // namespace

std::string clean_line(std::string_view text) {
    return cut(tidy(text.substr(0, 2 * longest_line_bytes)), longest_line_bytes);
}

std::string clean_lines(std::string_view text, size_t most_bytes) {
    text = text.substr(0, 2 * most_bytes);
    std::string clean;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        clean += tidy(line) + '\n';
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return cut(std::string{trim(clean)}, most_bytes);
}

Id3Encoding::Id3Encoding(std::initializer_list<std::string_view> texts) :
    is_narrow_{std::all_of(texts.begin(), texts.end(), is_narrow)} {}

std::string Id3Encoding::text(std::string_view utf8) const {
    return is_narrow_ ? latin1(utf8) : utf16(utf8);
}

std::string Id3Encoding::ended(std::string_view utf8) const {
    return text(utf8) + std::string(is_narrow_ ? 1 : 2, '\0');
}

std::string latin1(std::string_view utf8) {
    std::string bytes;
    for (const char32_t point : code_points(utf8)) {
        bytes += point < 256 ? static_cast<char>(point) : '?';
    }
    return bytes;
}

} // namespace mp3conv::convert
