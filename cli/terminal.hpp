#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace mp3conv::cli {

/// Standard error: what is said there stays, and below it may stand a block of lines that is
/// redrawn in place. Standard output is often the same screen, so it is written to through here as
/// well. Any thread may call.
class Terminal {
public:
    /// @return columns, and lines, of the window; 80 and 24 where there is none.
    static size_t width();
    static size_t height();

    /// Writes a line, above the block.
    void say(const std::string &line);

    /// @param block its lines from now on, narrower than the window; none to take it away.
    void draw(std::vector<std::string> block);

    /// Runs `act`, which writes to the screen, while the block is out of its way.
    template <typename Act>
    void make_way(Act &&act) {
        const std::lock_guard lock{mutex_};
        erase();
        const Redraw redraw{*this};
        act();
    }

private:
    struct Redraw {
        Terminal &terminal;
        ~Redraw() { terminal.show(); }
    };

    void erase() const;
    void show() const;

    std::mutex mutex_;
    std::vector<std::string> block_; ///< as it stands on the screen
};

/// The only one: a program has one standard error.
Terminal &terminal();

} // namespace mp3conv::cli
