#include "daemon/notify/mime.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace mp3conv::notify {
namespace {

constexpr std::string_view word_start = "=?UTF-8?Q?";
constexpr std::string_view word_end = "?=";
constexpr size_t longest_line = 76;  // RFC 2045, 6.7 (5), and RFC 2047, 2
constexpr size_t longest_plain = 60; // leaves room for the field's name in a line of 78

bool is_plain(char c) {
    return c >= ' ' && c <= '~';
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string escape(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string escaped;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        escaped += {'=', digits[byte >> 4], digits[byte & 15]};
    }
    return escaped;
}

/// Takes one character of UTF-8, all its bytes, off the front.
std::string_view take_character(std::string_view &text) {
    size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
    const std::string_view character = text.substr(0, size);
    text.remove_prefix(size);
    return character;
}

std::string quote_line(std::string_view line) {
    std::string quoted;
    size_t width = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        const bool is_last = i + 1 == line.size();
        const bool is_literal = is_plain(line[i]) && line[i] != '=' && !(line[i] == ' ' && is_last);
        const std::string piece = is_literal ? std::string{line[i]} : escape(line.substr(i, 1));
        if (width + piece.size() > longest_line - 1) {
            quoted += "=\r\n";
            width = 0;
        }
        quoted += piece;
        width += piece.size();
    }
    return quoted;
}

} // namespace

std::string encode_header(std::string_view text, size_t column) {
    const std::string clean = printable(text);
    const bool is_ascii = std::all_of(clean.begin(), clean.end(), is_plain);
    if (is_ascii && clean.size() <= longest_plain && clean.find("=?") == std::string::npos) {
        return clean;
    }
    std::string encoded{word_start};
    size_t width = column + word_start.size();
    for (std::string_view rest = clean; !rest.empty();) {
        const std::string_view character = take_character(rest);
        const std::string piece = is_alphanumeric(character[0]) ? std::string{character}
                                  : character == " "            ? "_"
                                                                : escape(character);
        if (width + piece.size() + word_end.size() > longest_line) {
            encoded += std::string{word_end} + "\r\n " + std::string{word_start};
            width = 1 + word_start.size();
        }
        encoded += piece;
        width += piece.size();
    }
    return encoded += word_end;
}

std::string quoted_printable(std::string_view text) {
    std::string quoted;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        quoted += quote_line(text.substr(0, end)) + "\r\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return quoted;
}

} // namespace mp3conv::notify
