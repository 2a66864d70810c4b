#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/board.hpp"

namespace mp3conv::cli {

/// Tells a board how far one file is, for as long as the object lives. One thread.
class Progress {
public:
    Progress(Board &board, const std::string &name);
    ~Progress();
    Progress(const Progress &) = delete;

    /// The file is looked into. @param share from 0 to 1.
    void reading(double share);

    /// @param total absent for a stream.
    void transferred(const char *verb, uint64_t done_bytes, std::optional<uint64_t> total_bytes);

    /// @param share from 0 to 1; absent while it waits for its turn.
    void converting(std::optional<double> share);

    bool is_shown() const { return board_.mode() != ProgressMode::none; }

private:
    using Clock = std::chrono::steady_clock;

    void enter(const std::string &phase);
    /// @return whether it is time for another look.
    bool is_due(double share) const;
    std::string time_left(double share) const;
    void show(double share, const std::string &figures);

    Board &board_;
    Board::Place row_;
    std::string phase_;
    Clock::time_point phase_start_;
    Clock::time_point shown_at_{};
    double shown_share_ = -1;
};

} // namespace mp3conv::cli
