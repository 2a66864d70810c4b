#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "common/fd.hpp"
#include "daemon/convert/converter.hpp"
#include "daemon/sandbox/deadline.hpp"
#include "daemon/sandbox/messages.hpp"

namespace mp3conv::sandbox {

/// A source as the daemon has it.
struct SourceFile {
    /// Makes bytes of the file be there; calls `meanwhile` as it waits for them.
    using Fetch =
        std::function<void(const std::vector<ByteRange> &, const std::function<void()> &meanwhile)>;

    int fd;
    Fetch fetch{}; ///< empty where all of them are there
};

/// The daemon's side of one conversion: listens to the child, and learns from the helper what
/// became of it. Letting go of it ends the child.
class Attendance {
public:
    /// @param words from the child; @param fate from the helper.
    /// @param time until it is given up.
    /// @param source, progress as for Launcher::convert; they outlive it.
    Attendance(Fd words, Fd fate, std::chrono::seconds time, const SourceFile &source,
               const convert::Progress &progress);

    /// As Launcher::convert.
    convert::Report run();

private:
    void wait();
    void check_deadline();
    void take_words();
    void take_word(std::string_view text);
    void fetch(const Wanted &wanted);
    std::optional<Fate> take_fate();
    convert::Report settle(const Fate &fate);

    Fd words_; ///< empty once the child has hung up
    Fd fate_;
    Deadline deadline_;
    const SourceFile &source_;
    uint64_t left_to_fetch_; ///< bytes
    const convert::Progress &progress_;
    double part_ = 0;
    std::optional<Word> outcome_; ///< a Report or an Error
};

} // namespace mp3conv::sandbox
