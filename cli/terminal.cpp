#include "cli/terminal.hpp"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace mp3conv::cli {
namespace {

winsize window() {
    winsize size{};
    ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
    return size;
}

} // namespace

size_t Terminal::width() {
    const auto columns = window().ws_col;
    return columns > 0 ? columns : 80;
}

size_t Terminal::height() {
    const auto rows = window().ws_row;
    return rows > 0 ? rows : 24;
}

void Terminal::say(const std::string &line) {
    make_way([&] { std::fputs((line + "\n").c_str(), stderr); });
}

void Terminal::draw(std::vector<std::string> block) {
    const std::lock_guard lock{mutex_};
    erase();
    block_ = std::move(block);
    show();
}

/// The cursor stands behind the block's last line, and goes to where its first one begins.
/// @source ECMA-48: CUU goes up, ED erases to the end of the screen.
void Terminal::erase() const {
    if (block_.empty()) return;
    std::string codes = "\r";
    if (block_.size() > 1) codes += "\x1b[" + std::to_string(block_.size() - 1) + "A";
    std::fputs((codes + "\x1b[J").c_str(), stderr);
}

void Terminal::show() const {
    std::string text;
    for (const auto &line : block_) text += (text.empty() ? "" : "\r\n") + line;
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

Terminal &terminal() {
    static Terminal only;
    return only;
}

} // namespace mp3conv::cli
