#include "common/text.hpp"

#include <algorithm>

namespace mp3conv {
namespace {

/// @return bytes of the well-formed UTF-8 sequence that starts `text` (Unicode 15, table 3-7);
///         0 where there is none.
size_t utf8_sequence(std::string_view text) {
    const auto byte = [&](size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto continues = [&](size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return text.empty() ? 0 : 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool too_high = lead == 0xF4 && byte(1) > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

bool is_control(std::string_view sequence) {
    const auto lead = static_cast<unsigned char>(sequence[0]);
    const bool c1 =
        sequence.size() == 2 && lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
    return c1 || (sequence.size() == 1 && (lead < 0x20 || lead == 0x7F));
}

} // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const size_t size = utf8_sequence(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string printable(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const size_t size = utf8_sequence(text);
        const std::string_view sequence = text.substr(0, std::max<size_t>(size, 1));
        if (size == 0 || is_control(sequence)) {
            clean += '?';
        } else {
            clean += sequence;
        }
        text.remove_prefix(sequence.size());
    }
    return clean;
}

std::string safe_file_name(std::string_view name) {
    constexpr size_t longest = 200; // leaves room for an extension below NAME_MAX
    name.remove_prefix(name.find_last_of('/') + 1);
    std::string clean = printable(name);
    if (clean.size() > longest) {
        clean.resize(longest);
        while (!is_utf8(clean)) clean.pop_back();
    }
    return clean.empty() || clean == "." || clean == ".." ? "unnamed" : clean;
}

std::string without_extension(std::string_view name) {
    const size_t dot = name.find_last_of('.');
    return std::string{dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot)};
}

std::string url_encode(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return encoded;
}

std::string ascii_lower(std::string_view text) {
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

} // namespace mp3conv
