#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "cli/board.hpp"

namespace mp3conv::cli {

/// The inputs of one command. One that fails is named on standard error and the others have their
/// turn; what concerns all of them (no server, no login, a signal, no time left) ends the command.
/// Any thread may call.
class Batch {
public:
    Batch(const Globals &globals, size_t inputs) :
        globals_{globals},
        inputs_{inputs},
        board_{globals, inputs} {}

    /// @return whether `act` ended well.
    /// @throws Error that concerns all, and whatever is no Error.
    bool attempt(const std::string &input, const std::function<void()> &act);

    /// Where it is shown how far they are.
    Board &board() { return board_; }

    /// @return 0, the exit status of the only input, or 3 where some of several failed.
    int exit_status() const { return exit_status_; }

private:
    const Globals &globals_;
    const size_t inputs_;
    Board board_;
    std::atomic<int> exit_status_ = 0;
};

} // namespace mp3conv::cli
