#include <cstdint>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/sandbox/confinement.hpp"

namespace mp3conv::sandbox {
namespace {

/// landlock_ruleset_attr as of Linux 6.12; headers of an older kernel know the first member only.
struct Ruleset {
    uint64_t files = 0;
    uint64_t network = 0; ///< since ABI 4
    uint64_t scopes = 0;  ///< since ABI 6: abstract sockets, signals
};

/// @return 0 where there is no Landlock.
long abi() noexcept {
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? version : 0;
}

constexpr uint64_t lowest_bits(int count) {
    return (uint64_t{1} << count) - 1;
}

/// All that a kernel of this ABI can forbid.
/// @source https://docs.kernel.org/userspace-api/landlock.html
Ruleset everything(long abi) noexcept {
    Ruleset ruleset;
    ruleset.files = lowest_bits(abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13);
    ruleset.network = abi >= 4 ? lowest_bits(2) : 0;
    ruleset.scopes = abi >= 6 ? lowest_bits(2) : 0;
    return ruleset;
}

size_t size_for(long abi) noexcept {
    return (abi >= 6 ? 3 : abi >= 4 ? 2 : 1) * sizeof(uint64_t);
}

} // namespace

bool has_landlock() noexcept {
    return abi() > 0;
}

/// A ruleset that handles everything and has no rule allows nothing.
void forbid_files() {
    const long version = abi();
    const Ruleset ruleset = everything(version);
    const Fd fd{
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &ruleset, size_for(version), 0))};
    if (fd && ::syscall(SYS_landlock_restrict_self, fd.get(), 0) == 0) return;
    throw Error{Errc::conversion_killed, "the sandbox could not be made; try again later",
                "Landlock: " + errno_text()};
}

} // namespace mp3conv::sandbox
