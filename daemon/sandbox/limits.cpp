#include <algorithm>
#include <csignal>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/sandbox/confinement.hpp"

namespace mp3conv::sandbox {
namespace {

[[noreturn]] void refuse(const char *what) {
    throw Error{Errc::conversion_killed, "the sandbox could not be made; try again later",
                std::string{what} + ": " + errno_text()};
}

void require(int result, const char *what) {
    if (result != 0) refuse(what);
}

/// @param grace by how much the process may go on when it was told.
void limit(__rlimit_resource resource, uint64_t value, uint64_t grace = 0) {
    rlimit now{};
    require(::getrlimit(resource, &now), "getrlimit");
    const rlimit wanted{std::min<rlim_t>(value, now.rlim_max),
                        std::min<rlim_t>(value + grace, now.rlim_max)};
    require(::setrlimit(resource, &wanted), "setrlimit");
}

} // namespace

void die_with(int parent) {
    require(::prctl(PR_SET_PDEATHSIG, SIGKILL), "PR_SET_PDEATHSIG");
    if (::getppid() != parent) ::_exit(1);
    require(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
    require(::prctl(PR_SET_DUMPABLE, 0), "PR_SET_DUMPABLE");
    limit(RLIMIT_CORE, 0);
}

void keep_only(std::initializer_list<int> descriptors) {
    std::vector<int> kept{descriptors};
    std::sort(kept.begin(), kept.end());
    unsigned first = 0;
    for (const int fd : kept) {
        const auto number = static_cast<unsigned>(fd);
        if (number > first) require(::close_range(first, number - 1, 0), "close_range");
        first = number + 1;
    }
    require(::close_range(first, ~0U, 0), "close_range");
    limit(RLIMIT_NOFILE, 0); // those that are open stay
}

/// Processes are not counted: the system counts those of a user, and our user's are the daemon's
/// threads as well. The filter lets threads be made and nothing else, and each takes of the memory.
void set_limits(const Limits &limits) {
    // Without grace it would be SIGKILL, which does not tell what for.
    limit(RLIMIT_CPU, static_cast<uint64_t>(limits.cpu.count()), 5);
    limit(RLIMIT_FSIZE, limits.file_bytes);
    if (!is_instrumented) limit(RLIMIT_AS, limits.memory_bytes);
}

} // namespace mp3conv::sandbox
