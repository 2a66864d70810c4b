#pragma once

#include "common/fd.hpp"
#include "daemon/convert/cores.hpp"
#include "daemon/sandbox/messages.hpp"

namespace mp3conv::sandbox {

/// What a child is given to work with.
struct Task {
    Request request;
    Fd source;
    Fd mp3;
    Fd words; ///< to the daemon
};

/// Confines this process, which has just been forked and has one thread; converts; says how far it
/// is and what became of it; and ends.
/// @param helper the process that forked.
[[noreturn]] void run_child(const Task &task, convert::Cores &cores, int helper) noexcept;

} // namespace mp3conv::sandbox
