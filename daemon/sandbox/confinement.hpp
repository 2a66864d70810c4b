#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>

namespace mp3conv::sandbox {

// The layers around a conversion, for the day on which a file takes over what reads it. They
// overlap: what a mistake in one lets through, another stops.

/// Whether this build can live under all of them. Sanitizers map terabytes of address space, and
/// look around in /proc when they report: their builds go without the system call filter, the
/// limit of memory and the empty root, and say so.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_instrumented = true;
#else
inline constexpr bool is_instrumented = false;
#endif

struct Limits {
    uint64_t memory_bytes = 0; ///< of address space
    uint64_t file_bytes = 0;   ///< that may be written
    std::chrono::seconds cpu{};
};

// What the helper does once, for itself and all its children. Call from the only thread.

/// Leaves the network, the other processes' IPC and the file system for namespaces in which there
/// is nothing: no interface that is up, and a root folder that is empty and cannot be written.
/// @return whether the system has them and lets us.
bool leave_for_namespaces() noexcept;

/// @return whether the kernel has Landlock (5.13 and later, where it is not switched off).
bool has_landlock() noexcept;

/// @return whether this kernel, and this build, can filter system calls.
bool has_system_call_filter() noexcept;

// What a child does before it looks at its source; each throws Error{conversion_killed} where the
// system refuses. All are kept by threads that come later.

/// Dies with its parent, leaves no core, and can never gain a right by running a program.
/// @param parent ends the child where it has died already.
void die_with(int parent);

/// Closes all descriptors but these, and lets no others be opened.
void keep_only(std::initializer_list<int> descriptors);

void set_limits(const Limits &limits);

/// Landlock: no file can be opened, changed or removed, no TCP port used, nobody outside signalled.
void forbid_files();

/// Ends the process at any system call that a conversion does not need.
void filter_system_calls();

} // namespace mp3conv::sandbox
