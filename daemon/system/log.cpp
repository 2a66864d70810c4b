#include "daemon/system/log.hpp"

#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "common/text.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::system::log {
namespace {

constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};

std::atomic<Level> lowest{Level::info};
std::atomic<Format> format{Format::text};

std::string quoted(const std::string &value) {
    const std::string clean = printable(value);
    const bool plain = !clean.empty() && clean.find_first_of(" \"=") == std::string::npos;
    return plain ? clean : nlohmann::json(clean).dump();
}

std::string text_line(std::string_view time, Level level, std::string_view message,
                      std::initializer_list<Field> fields) {
    std::string line{time};
    line += ' ';
    line += names[static_cast<size_t>(level)];
    line += ": ";
    line += printable(message);
    for (const auto &field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        line += quoted(field.value);
    }
    return line;
}

std::string json_line(std::string_view time, Level level, std::string_view message,
                      std::initializer_list<Field> fields) {
    nlohmann::ordered_json line{{"time", time},
                                {"level", names[static_cast<size_t>(level)]},
                                {"message", printable(message)}};
    for (const auto &field : fields) line[std::string{field.name}] = printable(field.value);
    return line.dump();
}

} // namespace

void configure(Level level, Format how) {
    lowest = level;
    format = how;
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (level < lowest.load()) return;
    const std::string time = format_time(SystemClock{}.now());
    std::string line = format.load() == Format::json ? json_line(time, level, message, fields)
                                                     : text_line(time, level, message, fields);
    line += '\n';
    // One write: lines of several threads do not mix. Nobody is left to tell if it fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

std::string mask_email(std::string_view email) {
    const size_t at = email.rfind('@');
    if (at == std::string_view::npos || at == 0) return "***";
    return std::string{email.substr(0, 1)} + "***" + std::string{email.substr(at)};
}

} // namespace mp3conv::system::log
