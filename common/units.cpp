#include "common/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

namespace mp3conv {
namespace {

/// Splits "12h" into 12 and "h", with spaces between them dropped.
std::optional<std::pair<uint64_t, std::string_view>> split_unit(std::string_view text) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return std::pair{value, text};
}

std::optional<uint64_t> checked_multiply(uint64_t value, uint64_t factor) {
    if (value > std::numeric_limits<uint64_t>::max() / factor) return std::nullopt;
    return value * factor;
}

struct Unit {
    std::string_view name;
    uint64_t factor;
};

template <size_t N>
std::optional<uint64_t> factor_of(const std::array<Unit, N> &units, std::string_view name) {
    for (const auto &unit : units) {
        if (unit.name == name) return unit.factor;
    }
    return std::nullopt;
}

// clang-format off
constexpr std::array<Unit, 18> size_units{{
    {"", 1}, {"B", 1},
    {"k", 1'000}, {"kB", 1'000}, {"Ki", 1ULL << 10}, {"KiB", 1ULL << 10},
    {"M", 1'000'000}, {"MB", 1'000'000}, {"Mi", 1ULL << 20}, {"MiB", 1ULL << 20},
    {"G", 1'000'000'000}, {"GB", 1'000'000'000}, {"Gi", 1ULL << 30}, {"GiB", 1ULL << 30},
    {"T", 1'000'000'000'000}, {"TB", 1'000'000'000'000}, {"Ti", 1ULL << 40}, {"TiB", 1ULL << 40},
}};
// clang-format on

constexpr std::array<Unit, 6> duration_units{
    {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}}};

} // namespace

std::optional<uint64_t> parse_number(std::string_view text) {
    const auto split = split_unit(text);
    if (!split || !split->second.empty() || text.back() == ' ') return std::nullopt;
    return split->first;
}

std::optional<uint64_t> parse_size(std::string_view text) {
    const auto split = split_unit(text);
    if (!split) return std::nullopt;
    const auto factor = factor_of(size_units, split->second);
    return factor ? checked_multiply(split->first, *factor) : std::nullopt;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    constexpr uint64_t longest = 1000ULL * 365 * 86400; // keeps every later sum in range
    if (text.empty()) return std::nullopt;
    uint64_t total = 0;
    while (!text.empty()) {
        const auto split = split_unit(text);
        if (!split) return std::nullopt;
        const auto letters = split->second.find_first_of("0123456789");
        const auto factor = factor_of(duration_units, split->second.substr(0, letters));
        if (!factor) return std::nullopt;
        const auto part = checked_multiply(split->first, *factor);
        if (!part || *part > longest - total) return std::nullopt;
        total += *part;
        text = letters == std::string_view::npos ? "" : split->second.substr(letters);
    }
    return std::chrono::seconds{total};
}

std::optional<double> parse_position(std::string_view text) {
    if (const auto whole = parse_duration(text)) return static_cast<double>(whole->count());
    constexpr uint64_t longest_part = 100'000'000;
    double minutes = 0; // of hours and minutes so far
    for (int colons = 0;; ++colons) {
        const size_t colon = text.find(':');
        if (colon == std::string_view::npos) break;
        const auto part = parse_number(text.substr(0, colon));
        if (!part || *part > longest_part || colons == 2) return std::nullopt;
        minutes = minutes * 60 + static_cast<double>(*part);
        text.remove_prefix(colon + 1);
    }
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (!is_number || !(seconds >= 0) || seconds > longest_part) return std::nullopt;
    return minutes * 60 + seconds;
}

std::string position_text(double seconds) {
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.9f", seconds);
    std::string_view digits{text.data(), static_cast<size_t>(length)};
    digits = digits.substr(0, digits.find_last_not_of('0') + 1);
    return std::string{digits.ends_with('.') ? digits.substr(0, digits.size() - 1) : digits};
}

std::string format_time(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t unix_time = seconds.time_since_epoch().count();
    std::tm utc{};
    ::gmtime_r(&unix_time, &utc);
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                      utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                      utc.tm_sec, static_cast<int>((time - seconds).count()));
    return {text.data(), static_cast<size_t>(length)};
}

std::optional<Time> parse_time(std::string_view text) {
    std::tm utc{};
    const std::string copy{text};
    const char *rest = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest == nullptr) return std::nullopt;
    int milliseconds = 0;
    if (*rest == '.') {
        const char *digits = ++rest;
        for (int scale = 100; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) {
            milliseconds += (*rest - '0') * scale;
        }
        if (rest == digits) return std::nullopt;
    }
    if (std::string_view{rest} != "Z") return std::nullopt;
    return Time{std::chrono::seconds{::timegm(&utc)} + std::chrono::milliseconds{milliseconds}};
}

std::string format_size(uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes);
    size_t unit = 0;
    constexpr std::array<const char *, 5> names{"kB", "MB", "GB", "TB", "PB"};
    for (value /= 1000; value >= 999.95 && unit + 1 < names.size(); ++unit) value /= 1000;
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.1f %s", value, names[unit]);
    return {text.data(), static_cast<size_t>(length)};
}

std::string format_duration(double seconds) {
    const auto total = static_cast<long long>(std::llround(std::max(0.0, seconds)));
    std::array<char, 40> text{};
    const int length = total >= 3600 ? std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld",
                                                     total / 3600, total / 60 % 60, total % 60)
                                     : std::snprintf(text.data(), text.size(), "%lld:%02lld",
                                                     total / 60, total % 60);
    return {text.data(), static_cast<size_t>(length)};
}

} // namespace mp3conv
