#include "cli/board.hpp"

#include <unistd.h>
#include <utility>

#include "cli/columns.hpp"
#include "cli/terminal.hpp"

namespace mp3conv::cli {
namespace {

ProgressMode resolve(const Globals &globals) {
    if (globals.quiet) return ProgressMode::none;
    if (globals.progress != ProgressMode::automatic) return globals.progress;
    return ::isatty(STDERR_FILENO) == 1 ? ProgressMode::bar : ProgressMode::none;
}

/// One column stays free: some terminals wrap when the last one is written.
std::string line_of(const Board::Row &row) {
    const std::string bar = row.share >= 0 ? draw_bar(row.share) : "";
    return fit(row.name, bar, row.figures, Terminal::width() - 1);
}

} // namespace

Board::Board(const Globals &globals, size_t files) : mode_{resolve(globals)}, files_{files} {}

Board::~Board() {
    if (mode_ == ProgressMode::bar) terminal().draw({});
}

Board::Place Board::add(std::string name) {
    const std::lock_guard lock{mutex_};
    return rows_.insert(rows_.end(), {.name = std::move(name)});
}

void Board::change(Place row, double share, std::string figures) {
    const std::lock_guard lock{mutex_};
    row->share = share;
    row->figures = std::move(figures);
    if (mode_ == ProgressMode::bar) return draw();
    if (mode_ == ProgressMode::line) terminal().say(row->name + ": " + row->figures);
}

void Board::remove(Place row) {
    const std::lock_guard lock{mutex_};
    rows_.erase(row);
    if (mode_ == ProgressMode::bar) draw();
}

void Board::count(bool well) {
    const std::lock_guard lock{mutex_};
    ++done_;
    if (!well) ++failed_;
    if (mode_ == ProgressMode::bar && files_ > 1) draw();
}

void Board::draw() const {
    const size_t total_lines = files_ > 1 ? 1 : 0;
    const size_t most = Terminal::height() - 1 - total_lines; // what does not fit cannot be redrawn
    std::vector<std::string> lines;
    for (const Row &row : rows_) {
        if (!row.figures.empty() && lines.size() < most) lines.push_back(line_of(row));
    }
    if (files_ > 1) lines.push_back(total());
    terminal().draw(std::move(lines));
}

std::string Board::total() const {
    std::string text = std::to_string(done_) + " of " + std::to_string(files_) + " done";
    if (failed_ > 0) text += ", " + std::to_string(failed_) + " failed";
    const double share = static_cast<double>(done_) / static_cast<double>(files_);
    return line_of({"in all", share, text});
}

} // namespace mp3conv::cli
