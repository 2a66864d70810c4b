#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/globals.hpp"

namespace mp3conv::cli {

/// Tells on standard error how far one file is: as a bar that is redrawn in place, as a line now
/// and then, or not at all. Its last bar is wiped when the object goes.
class Progress {
public:
    Progress(const Globals &globals, std::string name);
    ~Progress();
    Progress(const Progress &) = delete;

    /// @param total absent for a stream.
    void transferred(const char *verb, uint64_t done_bytes, std::optional<uint64_t> total_bytes);

    /// @param share from 0 to 1; absent while it waits for its turn.
    void converting(std::optional<double> share);

    bool is_shown() const { return mode_ != ProgressMode::none; }

private:
    using Clock = std::chrono::steady_clock;

    void enter(const std::string &phase);
    /// @return whether it is time for another look.
    bool is_due(double share);
    std::string time_left(double share) const;
    void draw(double share, const std::string &figures);
    void wipe();

    ProgressMode mode_;
    std::string name_;
    std::string phase_;
    Clock::time_point phase_start_;
    Clock::time_point drawn_at_{};
    double drawn_share_ = -1;
};

} // namespace mp3conv::cli
