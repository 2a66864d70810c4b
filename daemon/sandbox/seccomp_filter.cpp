#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/error.hpp"
#include "daemon/sandbox/confinement.hpp"

namespace mp3conv::sandbox {
namespace {

struct Release {
    void operator()(void *filter) const noexcept { seccomp_release(filter); }
};

using Filter = std::unique_ptr<void, Release>;

// What decoding, encoding, threads, memory and clocks need.
constexpr std::array harmless{
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction), // glibc's, when the first thread is made
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What libraries try in order to find out something, and do without.
constexpr std::array refused{
    SCMP_SYS(open),    SCMP_SYS(openat),     SCMP_SYS(openat2),  SCMP_SYS(stat),
    SCMP_SYS(lstat),   SCMP_SYS(statx),      SCMP_SYS(access),   SCMP_SYS(faccessat),
    SCMP_SYS(ioctl),   SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(sysinfo), SCMP_SYS(uname),      SCMP_SYS(getcwd),
};

[[noreturn]] void refuse(int error) {
    throw Error{Errc::conversion_killed, "the sandbox could not be made; try again later",
                "seccomp: " + std::string{std::strerror(-error)}};
}

void require(int result) {
    if (result != 0) refuse(result);
}

template <typename... Conditions>
void add(const Filter &filter, uint32_t action, int call, Conditions... conditions) {
    require(seccomp_rule_add(filter.get(), action, call, sizeof...(conditions), conditions...));
}

Filter make_filter() {
    Filter filter{seccomp_init(SCMP_ACT_KILL_PROCESS)};
    if (!filter) refuse(-ENOMEM);
    for (const int call : harmless) add(filter, SCMP_ACT_ALLOW, call);
    for (const int call : refused) add(filter, SCMP_ACT_ERRNO(EACCES), call);

    // Memory, but none that can be run.
    const auto without_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), without_exec);
    add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), without_exec);

    // Threads, but no processes. clone3 hides its flags from us; told that there is none, glibc
    // takes clone.
    add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone),
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));

    // glibc's fstat. The path is not looked at: should there be one, the root has no files.
    add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH));
    add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), SCMP_A3(SCMP_CMP_NE, AT_EMPTY_PATH));

    // abort() ends itself.
    add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill),
        SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
    return filter;
}

} // namespace

bool has_system_call_filter() noexcept {
    return !is_instrumented && seccomp_api_get() >= 3; // which has KILL_PROCESS
}

void filter_system_calls() {
    require(seccomp_load(make_filter().get()));
}

} // namespace mp3conv::sandbox
