#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mp3conv {

/// Wall-clock time as the wire and the database know it.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// @return the value of a whole decimal number; nullopt for anything else, signs and spaces
/// included.
std::optional<uint64_t> parse_number(std::string_view text);

/// @param text "8GiB", "500 MB", "4096"; k, M, G, T count in thousands, Ki, Mi, Gi, Ti in 1024s.
/// @return bytes; nullopt for anything else.
std::optional<uint64_t> parse_size(std::string_view text);

/// @param text "90", "90s", "10m", "12h", "30d", "1h30m"; a bare number counts seconds.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// A place in a recording.
/// @param text "83.5", "1:23.5", "1:02:03"; or as for parse_duration.
/// @return seconds; nullopt for anything else.
std::optional<double> parse_position(std::string_view text);

/// @return seconds as parse_position takes them, exact to a nanosecond: "83.5".
std::string position_text(double seconds);

/// @return RFC 3339 in UTC, to the millisecond: "2026-11-24T08:30:00.125Z".
std::string format_time(Time time);

/// @return the time that format_time wrote; fractions are optional. nullopt for anything else.
std::optional<Time> parse_time(std::string_view text);

/// @return "73.1 MB", for people; thousands, as disks and networks count.
std::string format_size(uint64_t bytes);

/// @return "1:02:03" or "2:03".
std::string format_duration(double seconds);

} // namespace mp3conv
