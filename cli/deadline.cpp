#include "cli/deadline.hpp"

#include <CLI/Error.hpp>
#include <algorithm>
#include <functional>
#include <string>

#include "common/units.hpp"

namespace mp3conv::cli {

using namespace std::chrono_literals;

Deadline::Deadline(std::optional<std::chrono::seconds> timeout) {
    if (timeout) end_ = std::chrono::steady_clock::now() + *timeout;
}

std::chrono::milliseconds Deadline::left(std::chrono::milliseconds most) const {
    if (!end_) return most;
    const auto now = std::chrono::steady_clock::now();
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*end_ - now), 0ms, most);
}

void add_timeout(CLI::App &command, std::optional<std::chrono::seconds> &timeout) {
    const std::function<void(const std::string &)> set = [&timeout](const std::string &text) {
        timeout = parse_duration(text);
        if (!timeout) {
            throw CLI::ValidationError{"--timeout", "'" + text + "' is not a time such as 10m"};
        }
    };
    command.add_option_function<std::string>("--timeout", set, "stop waiting after this time")
        ->type_name("TIME");
}

} // namespace mp3conv::cli
