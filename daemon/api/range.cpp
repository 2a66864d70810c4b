#include "daemon/api/range.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::api {
namespace {

[[noreturn]] void refuse() {
    throw Error{Errc::range_not_satisfiable, "the range begins behind the end of the MP3"};
}

/// "-500": the last 500 bytes.
std::optional<ByteRange> suffix(std::string_view digits, uint64_t size) {
    const auto count = parse_number(digits);
    if (!count) return std::nullopt;
    if (*count == 0 || size == 0) refuse();
    return ByteRange{size - std::min(*count, size), std::min(*count, size)};
}

} // namespace

std::optional<ByteRange> parse_range(std::string_view header, uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    header = trim(header);
    if (header.substr(0, unit.size()) != unit) return std::nullopt;
    header.remove_prefix(unit.size());
    const size_t dash = header.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    if (dash == 0) return suffix(header.substr(1), size);

    const auto first = parse_number(header.substr(0, dash));
    const std::string_view end = header.substr(dash + 1);
    const auto last = end.empty() ? std::optional{UINT64_MAX} : parse_number(end);
    if (!first || !last || *last < *first) return std::nullopt;
    if (*first >= size) refuse();
    return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

} // namespace mp3conv::api
