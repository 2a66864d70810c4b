#include "cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 100ms;
constexpr double line_every = 0.1; // of the whole
constexpr size_t bar_width = 20;
constexpr size_t shortest_name = 8;

ProgressMode resolve(const Globals &globals) {
    if (globals.quiet) return ProgressMode::none;
    if (globals.progress != ProgressMode::automatic) return globals.progress;
    return ::isatty(STDERR_FILENO) == 1 ? ProgressMode::bar : ProgressMode::none;
}

size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// @return characters, for UTF-8 text.
size_t width_of(const std::string &text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::string shorten(std::string text, size_t width) {
    if (width_of(text) <= width) return text;
    while (!text.empty() && (width_of(text) > width - 1 || !is_utf8(text))) text.pop_back();
    return text + "~";
}

std::string draw_bar(double share) {
    const auto full = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * bar_width);
    return "[" + std::string(full, '#') + std::string(bar_width - full, '-') + "]";
}

std::string percent(double share) {
    return std::to_string(std::lround(share * 100)) + "%";
}

/// As much as fits, the name first to give way, then the bar.
std::string fit(const std::string &name, const std::string &bar, const std::string &figures,
                size_t width) {
    const std::string with_bar = bar + " " + figures;
    const bool bar_fits = !bar.empty() && width_of(with_bar) + shortest_name + 2 <= width;
    const std::string tail = "  " + (bar_fits ? with_bar : figures);
    if (width_of(tail) >= width) return shorten(figures, width);
    return shorten(name, width - width_of(tail)) + tail;
}

} // namespace

Progress::Progress(const Globals &globals, std::string name) :
    mode_{resolve(globals)},
    name_{printable(name)} {}

Progress::~Progress() {
    wipe();
}

void Progress::transferred(const char *verb, uint64_t done, std::optional<uint64_t> total) {
    enter(verb);
    const double share =
        total && *total > 0 ? static_cast<double>(done) / static_cast<double>(*total) : -1;
    if (!is_due(share)) return;
    const double seconds = std::chrono::duration<double>{Clock::now() - phase_start_}.count();
    std::string figures = verb;
    if (share >= 0) figures += " " + percent(share);
    figures += " " + format_size(done);
    if (seconds > 0.5) {
        figures +=
            " " + format_size(static_cast<uint64_t>(static_cast<double>(done) / seconds)) + "/s";
    }
    draw(share, figures + time_left(share));
}

void Progress::converting(std::optional<double> share) {
    enter(share ? "converting" : "waiting");
    if (!is_due(share.value_or(-1))) return;
    draw(share.value_or(-1), share ? phase_ + " " + percent(*share) + time_left(*share) : phase_);
}

void Progress::enter(const std::string &phase) {
    if (phase == phase_) return;
    phase_ = phase;
    phase_start_ = Clock::now();
    drawn_at_ = {};
    drawn_share_ = -1;
}

bool Progress::is_due(double share) {
    const bool is_first = drawn_at_ == Clock::time_point{};
    if (mode_ == ProgressMode::bar) return is_first || Clock::now() - drawn_at_ >= redraw_every;
    if (mode_ == ProgressMode::line) return is_first || share - drawn_share_ >= line_every;
    return false;
}

std::string Progress::time_left(double share) const {
    const double seconds = std::chrono::duration<double>{Clock::now() - phase_start_}.count();
    if (share <= 0 || seconds < 1) return {};
    return " " + format_duration(seconds * (1 - share) / share) + " left";
}

void Progress::draw(double share, const std::string &figures) {
    drawn_at_ = Clock::now();
    drawn_share_ = share;
    if (mode_ == ProgressMode::line) {
        std::fputs((name_ + ": " + figures + "\n").c_str(), stderr);
        return;
    }
    const std::string bar = share >= 0 ? draw_bar(share) : "";
    // One column stays free: some terminals wrap when the last one is written.
    std::fputs(("\r" + fit(name_, bar, figures, terminal_width() - 1) + "\x1b[K").c_str(), stderr);
    std::fflush(stderr);
}

void Progress::wipe() {
    if (mode_ != ProgressMode::bar || drawn_at_ == Clock::time_point{}) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

} // namespace mp3conv::cli
