#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/options.hpp"
#include "daemon/convert/converter.hpp"
#include "daemon/sandbox/attendance.hpp"
#include "daemon/sandbox/helper_process.hpp"
#include "daemon/sandbox/running_count.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::sandbox {

/// Converts as convert::convert does, each time in a process of its own that can reach nothing but
/// the two files. Any thread may call.
///
///     daemon ──► helper ──► child: confined, reads the source, writes the MP3
///        ▲                    │
///        └── progress, report ┘  and what of the source it needs, where that is elsewhere
class Launcher {
public:
    /// Starts the helper.
    /// @param time that a conversion may take; 0 for one by the source's size.
    /// @throws Error{internal} where it cannot be started.
    explicit Launcher(std::chrono::seconds time);

    /// @return names of the sandbox's layers that this system does not have; see SECURITY.md.
    const std::vector<std::string> &missing_layers() const noexcept { return missing_; }

    /// @param source a file as for convert::convert, of which parts may have to be fetched; that is
    ///        done in this thread, and what it throws ends the child at once.
    /// @param mp3, options, progress as for convert::convert, but that progress throws likewise.
    /// @throws Error as convert::convert; {conversion_crashed}, {conversion_timeout} for what the
    ///         file did to the child; {conversion_killed} where it was ended from outside.
    convert::Report convert(const SourceFile &source, int mp3, const Options &options,
                            const convert::Progress &progress);

private:
    void send(std::string_view request, std::initializer_list<int> descriptors);

    std::chrono::seconds time_;
    RunningCount running_;
    system::Guarded<std::unique_ptr<HelperProcess>> helper_;
    std::vector<std::string> missing_;
};

} // namespace mp3conv::sandbox
