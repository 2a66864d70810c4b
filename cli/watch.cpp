#include "cli/watch.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

#include "cli/backoff.hpp"
#include "cli/columns.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 1s;

bool redraws(const Globals &globals) {
    const bool is_screen =
        ::isatty(STDOUT_FILENO) == 1 && Board{globals}.mode() == ProgressMode::bar;
    return is_screen && !globals.json;
}

bool is_over(const std::vector<FileObject> &files) {
    return std::all_of(files.begin(), files.end(),
                       [](const FileObject &file) { return is_finished(file.state); });
}

/// @return those whose state is another than before.
std::vector<FileObject> look_again(Session &session, std::vector<FileObject> &files,
                                   const Deadline &deadline) {
    if (deadline.is_over()) throw Error{Errc::timeout, "--timeout ran out; not all are finished"};
    rest(look_every);
    std::vector<FileObject> changed;
    for (auto &file : files) {
        if (is_finished(file.state)) continue;
        const State before = file.state;
        file = with_retries(
            session, [&](Backoff &) { return session.client.find(file.id); }, deadline);
        if (file.state != before) changed.push_back(file);
    }
    return changed;
}

/// The table below all that was said, taken away when the object goes.
class Table {
public:
    Table() = default;
    ~Table() { terminal().draw({}); }
    Table(const Table &) = delete;

    static void draw(const std::vector<FileObject> &files) {
        auto lines = table_of(files, true);
        lines.resize(std::min(lines.size(), Terminal::height() - 1));
        for (auto &line : lines) line = shorten(line, Terminal::width() - 1);
        terminal().draw(std::move(lines));
    }
};

} // namespace

void watch(Session &session, std::vector<FileObject> files, const Deadline &deadline) {
    const Globals &globals = session.globals;
    if (redraws(globals)) {
        const Table table;
        for (; !is_over(files); look_again(session, files, deadline)) Table::draw(files);
    }
    print_files(globals, files);
    while (!is_over(files)) print_files(globals, look_again(session, files, deadline));
}

} // namespace mp3conv::cli
