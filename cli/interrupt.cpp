#include "cli/interrupt.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <limits>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

constexpr int for_ever = -1;

// Lock-free atomics are what a handler and threads may share (C++20, [support.signal]).
std::atomic<int> noted = 0;
std::atomic<int> alarm_fd = -1; // readable once a signal came, and so for all threads
static_assert(std::atomic<int>::is_always_lock_free);

void note(int signal) {
    noted = signal;
    ::eventfd_write(alarm_fd, 1); // write(2), which may be called here
}

template <size_t N>
void wait_or_alarm(std::array<pollfd, N> watched, int timeout_ms) {
    watched.back() = {alarm_fd, POLLIN, 0};
    ::poll(watched.data(), watched.size(), timeout_ms);
    check_interrupted();
}

} // namespace

void note_signals() {
    alarm_fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct sigaction action = {};
    action.sa_handler = note; // without SA_RESTART: a read that waits is to end
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool is_interrupted() {
    return noted != 0;
}

void check_interrupted() {
    constexpr const char *go_on = "; the same command goes on where it was";
    if (noted == SIGINT) throw Error{Errc::interrupted, std::string{"interrupted"} + go_on};
    if (noted != 0) throw Error{Errc::terminated, std::string{"terminated"} + go_on};
}

void rest(std::chrono::milliseconds time) {
    constexpr long longest = std::numeric_limits<int>::max();
    wait_or_alarm(std::array<pollfd, 1>{},
                  static_cast<int>(std::clamp(static_cast<long>(time.count()), 0L, longest)));
}

void await_readable(int fd) {
    wait_or_alarm(std::array<pollfd, 2>{{{fd, POLLIN, 0}, {}}}, for_ever);
}

} // namespace mp3conv::cli
