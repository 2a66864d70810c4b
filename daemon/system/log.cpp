#include "daemon/system/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <vector>

#include "common/text.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::system::log {
namespace {

constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};

std::atomic<Level> lowest{Level::info};
std::atomic<Format> format{Format::text};

using Fields = std::vector<Field>;

thread_local Fields of_thread;

/// What a line says by itself outranks what the thread says of all.
Fields with_those_of_thread(std::initializer_list<Field> own) {
    Fields all;
    for (const auto &field : of_thread) {
        const bool told = field.value.empty() ||
                          std::any_of(own.begin(), own.end(),
                                      [&](const auto &other) { return other.name == field.name; });
        if (!told) all.push_back(field);
    }
    all.insert(all.end(), own);
    return all;
}

std::string quoted(const std::string &value) {
    const std::string clean = printable(value);
    const bool plain = !clean.empty() && clean.find_first_of(" \"=") == std::string::npos;
    return plain ? clean : nlohmann::json(clean).dump();
}

std::string text_line(std::string_view time, Level level, std::string_view message,
                      const Fields &fields) {
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
                      const Fields &fields) {
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

Scope::Scope(Field field) {
    of_thread.push_back(std::move(field));
}

Scope::~Scope() {
    of_thread.pop_back();
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (level < lowest.load()) return;
    const std::string time = format_time(SystemClock{}.now());
    const Fields all = with_those_of_thread(fields);
    std::string line = format.load() == Format::json ? json_line(time, level, message, all)
                                                     : text_line(time, level, message, all);
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
