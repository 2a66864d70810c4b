#include "cli/progress.hpp"

#include "cli/columns.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 100ms;
constexpr double line_every = 0.1; // of the whole

} // namespace

Progress::Progress(Board &board, const std::string &name) :
    board_{board},
    row_{board.add(printable(name))} {}

Progress::~Progress() {
    board_.remove(row_);
}

void Progress::reading(double share) {
    enter("reading");
    if (is_due(share)) show(share, phase_ + " " + percent(share) + time_left(share));
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
    show(share, figures + time_left(share));
}

void Progress::converting(std::optional<double> share) {
    enter(share ? "converting" : "waiting");
    if (!is_due(share.value_or(-1))) return;
    show(share.value_or(-1), share ? phase_ + " " + percent(*share) + time_left(*share) : phase_);
}

void Progress::enter(const std::string &phase) {
    if (phase == phase_) return;
    phase_ = phase;
    phase_start_ = Clock::now();
    shown_at_ = {};
    shown_share_ = -1;
}

bool Progress::is_due(double share) const {
    const bool is_first = shown_at_ == Clock::time_point{};
    if (board_.mode() == ProgressMode::bar) {
        return is_first || Clock::now() - shown_at_ >= redraw_every;
    }
    return is_first || share - shown_share_ >= line_every;
}

std::string Progress::time_left(double share) const {
    const double seconds = std::chrono::duration<double>{Clock::now() - phase_start_}.count();
    if (share <= 0 || seconds < 1) return {};
    return " " + format_duration(seconds * (1 - share) / share) + " left";
}

void Progress::show(double share, const std::string &figures) {
    shown_at_ = Clock::now();
    shown_share_ = share;
    board_.change(row_, share, figures);
}

} // namespace mp3conv::cli
