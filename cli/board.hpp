#pragma once

#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "cli/globals.hpp"

namespace mp3conv::cli {

/// Shows on standard error what a command is at: on a terminal a line a file, and one for all of
/// them, redrawn in place until the board goes; elsewhere lines now and then, or nothing. Any
/// thread may call.
class Board {
public:
    struct Row {
        std::string name;
        double share = -1; ///< from 0 to 1 of what it is at; less than 0 where nobody knows
        std::string figures{};
    };
    using Place = std::list<Row>::iterator;

    /// @param files in all; where there are several, they have a line together.
    explicit Board(const Globals &globals, size_t files = 1);
    ~Board();
    Board(const Board &) = delete;

    /// @return bar, line or none.
    ProgressMode mode() const { return mode_; }

    Place add(std::string name);
    void change(Place row, double share, std::string figures);
    void remove(Place row);

    /// One of the files is done with.
    void count(bool well);

private:
    void draw() const;
    std::string total() const;

    const ProgressMode mode_;
    const size_t files_;
    std::mutex mutex_; ///< guards what follows
    std::list<Row> rows_;
    size_t done_ = 0;
    size_t failed_ = 0;
};

} // namespace mp3conv::cli
