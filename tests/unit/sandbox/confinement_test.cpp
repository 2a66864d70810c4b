#include "daemon/sandbox/confinement.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "common/fd.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::sandbox;

namespace {

/// What a process came to that confined itself and then did something.
struct Ending {
    int error = -1; ///< errno of what it did, 0 where that went well
    int signal = 0;
};

Ending ending_of(const std::function<void()> &confine, const std::function<bool()> &act) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::signal(SIGABRT, SIG_DFL); // the test's own handler does more than one may here
        try {
            confine();
            errno = 0;
            ::_exit(act() ? 0 : errno);
        } catch (...) {
            ::_exit(255);
        }
    }
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status)) return {WEXITSTATUS(status), 0};
    return {-1, WTERMSIG(status)};
}

bool opens(const char *path) {
    return ::open(path, O_RDONLY) >= 0;
}

void filter() {
    die_with(::getppid());
    filter_system_calls();
}

} // namespace

TEST_CASE("behind the filter a system call that no conversion needs ends the process") {
    if (!has_system_call_filter()) return;
    const pid_t parent = ::getpid();
    const std::array<std::function<bool()>, 8> forbidden{
        [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; },
        [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; },
        [] { return ::execl("/bin/true", "true", nullptr) == 0; },
        [] { return ::fork() >= 0; },
        [parent] { return ::kill(parent, 0) == 0; },
        [parent] { return ::tgkill(parent, parent, 0) == 0; },
        [] { return ::unlink("/nowhere") == 0; },
        [] {
            return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0) != MAP_FAILED;
        },
    };
    for (size_t i = 0; i < forbidden.size(); ++i) {
        CAPTURE(i);
        CHECK(ending_of(filter, forbidden[i]).signal == SIGSYS);
    }
}

TEST_CASE("behind the filter there is no file to be found, but that kills nobody") {
    if (!has_system_call_filter()) return;
    CHECK(ending_of(filter, [] { return opens("/etc/passwd"); }).error == EACCES);
    CHECK(ending_of(filter, [] {
              struct stat status {};
              return ::stat("/etc/passwd", &status) == 0;
          }).error == EACCES);
}

TEST_CASE("behind the filter threads, memory and open files work, and a crash is a crash") {
    if (!has_system_call_filter()) return;
    const test::TempDir dir;
    const Fd file = open_file(dir / "mp3", O_RDWR | O_CREAT);
    const auto work = [&] {
        std::string bytes;
        std::thread{[&] { bytes = std::string(10 << 20, 'x'); }}.join();
        write_all(file.get(), bytes, "mp3");
        return file_size(file.get(), "mp3") == bytes.size();
    };
    CHECK(ending_of(filter, work).error == 0);
    CHECK(ending_of(filter, []() -> bool { std::abort(); }).signal == SIGABRT);
}

TEST_CASE("Landlock alone forbids every file, also to root") {
    if (!has_landlock()) return;
    const test::TempDir dir;
    const std::string fresh = dir / "fresh";
    const auto confine = [] {
        die_with(::getppid());
        forbid_files();
    };
    CHECK(ending_of(confine, [] { return opens("/etc/passwd"); }).error == EACCES);
    CHECK(ending_of(confine, [&] { return ::mkdir(fresh.c_str(), 0700) == 0; }).error == EACCES);
}

TEST_CASE("in its namespaces a process finds neither file nor network") {
    if (is_instrumented) return;
    const auto confine = [] {
        if (!leave_for_namespaces()) ::_exit(0); // which a container may not have
    };
    const int error = ending_of(confine, [] { return opens("/etc/passwd"); }).error;
    CHECK((error == ENOENT || error == 0));
}

TEST_CASE("only the descriptors that were named stay open, and no others can be opened") {
    const test::TempDir dir;
    const Fd kept = open_file(dir / "kept", O_RDWR | O_CREAT);
    const Fd other = open_file(dir / "other", O_RDWR | O_CREAT);
    const auto confine = [&] { keep_only({kept.get()}); };
    CHECK(ending_of(confine, [&] { return ::write(kept.get(), "x", 1) == 1; }).error == 0);
    CHECK(ending_of(confine, [&] { return ::write(other.get(), "x", 1) == 1; }).error == EBADF);
    CHECK(ending_of(confine, [&] { return ::write(STDERR_FILENO, "x", 1) == 1; }).error == EBADF);
    CHECK(ending_of(confine, [] { return opens("/dev/null"); }).error == EMFILE);
}

TEST_CASE("memory, output and computing time have their limits") {
    const test::TempDir dir;
    const Fd file = open_file(dir / "mp3", O_RDWR | O_CREAT);
    const auto confine = [] { set_limits({1 << 30, 1000, std::chrono::seconds{1}}); };
    const auto write = [&] { return ::pwrite(file.get(), "x", 1, 1000) == 1; };
    CHECK(ending_of(confine, write).signal == SIGXFSZ);
    const auto spin = []() -> bool {
        for (volatile unsigned i = 0;;) i = i + 1;
    };
    CHECK(ending_of(confine, spin).signal == SIGXCPU);
    if (is_instrumented) return;
    const auto allocate = [] {
        const void *memory = ::operator new(2ULL << 30, std::nothrow);
        return memory != nullptr;
    };
    CHECK(ending_of(confine, allocate).error == ENOMEM);
}
