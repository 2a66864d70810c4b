#include "daemon/db/postgres/value.hpp"

#include <array>
#include <charconv>

#include "common/text.hpp"

namespace mp3conv::db::postgres {
namespace {

// pg_type.dat of PostgreSQL's sources; they never change.
constexpr Oid boolean_type = 16;
constexpr Oid bytea_type = 17;
constexpr Oid bigint_type = 20;
constexpr Oid text_type = 25;
constexpr Oid double_type = 701;

/// The shortest text that gives back the same number.
template <typename T>
std::string shortest(T number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

} // namespace

Value to_value(std::string_view text) {
    const bool is_text = is_utf8(text) && text.find('\0') == std::string_view::npos;
    return {text_type, is_text ? std::string{text} : printable(text)};
}

Value to_value(Bytes bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\\x";
    for (const unsigned char byte : bytes.bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return {bytea_type, text};
}

Value to_value(int64_t number) {
    return {bigint_type, shortest(number)};
}

Value to_value(bool flag) {
    return {boolean_type, flag ? "t" : "f"};
}

Value to_value(double number) {
    return {double_type, shortest(number)};
}

} // namespace mp3conv::db::postgres
