#include "daemon/sandbox/helper.hpp"

#include <cerrno>
#include <csignal>
#include <malloc.h>
#include <map>
#include <poll.h>
#include <string_view>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "daemon/sandbox/channel.hpp"
#include "daemon/sandbox/child.hpp"
#include "daemon/sandbox/confinement.hpp"
#include "daemon/sandbox/helper_process.hpp"
#include "daemon/sandbox/running_count.hpp"

extern "C" {
#include <libavutil/mem.h>
}

namespace mp3conv::sandbox {
namespace {

constexpr size_t largest_allocation = 256 << 20; // of FFmpeg's, at a time
constexpr int most_arenas = 2;                   // of malloc: each reserves 64 MiB of address space

double seconds(const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

Fate fate_of(int status, const rusage &usage) {
    return {status, static_cast<uint64_t>(usage.ru_maxrss) << 10,
            seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

/// @return a descriptor that can be read when a child has ended.
Fd watch_children() {
    sigset_t set{};
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    return Fd{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
}

class Helper {
public:
    Helper() : cores_{static_cast<int>(std::thread::hardware_concurrency()), map_count(count_fd)} {}

    void run() {
        while (wait()) {
            end_abandoned();
            if (lines_[0].revents != 0 && !take_request()) return;
            if (lines_[1].revents != 0) reap();
        }
    }

private:
    /// Waits until something happens: a request, a child's end, or a hang-up by the daemon, which
    /// needs not be asked for.
    bool wait() {
        lines_ = {{line_fd, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
        for (const auto &[pid, fate] : fates_) lines_.push_back({fate.get(), 0, 0});
        return ::poll(lines_.data(), lines_.size(), -1) >= 0 || errno == EINTR;
    }

    /// Whom the daemon does not want to hear of any more was cancelled or took too long.
    void end_abandoned() {
        size_t i = 2;
        for (auto &[pid, fate] : fates_) {
            if (lines_[i++].revents == 0) continue;
            ::kill(pid, SIGKILL);
            fate = Fd{};
        }
    }

    /// @return false where the daemon is gone.
    bool take_request() {
        auto message = receive(line_fd, request_descriptors);
        if (!message || message->descriptors.size() != request_descriptors) return false;
        auto &fds = message->descriptors;
        const Task task{parse_request(message->text), std::move(fds[0]), std::move(fds[1]),
                        std::move(fds[2])};
        const pid_t self = ::getpid();
        const pid_t pid = ::fork();
        if (pid == 0) run_child(task, cores_, self);
        // Where there was no fork, the daemon hears so by the end of the line.
        if (pid > 0) fates_.emplace(pid, std::move(fds[3]));
        return true;
    }

    void reap() {
        signalfd_siginfo ignored{};
        while (::read(signals_.get(), &ignored, sizeof ignored) > 0) {
        }
        int status = 0;
        rusage usage{};
        for (pid_t pid = 0; (pid = ::wait4(-1, &status, WNOHANG, &usage)) > 0;) {
            const auto found = fates_.find(pid);
            if (found->second) send(found->second.get(), encode(fate_of(status, usage)));
            fates_.erase(found);
        }
    }

    const Fd signals_ = watch_children();
    convert::Cores cores_;
    std::map<pid_t, Fd> fates_; ///< of the children that live
    std::vector<pollfd> lines_;
};

/// @return what this system does not have.
Missing make_ready() {
    // The daemon decides when conversions end: a Ctrl-C reaches all processes of a terminal.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_IGN);
    ::mallopt(M_ARENA_MAX, most_arenas);
    av_max_alloc(largest_allocation);
    Missing missing;
    if (!leave_for_namespaces()) missing.layers.emplace_back("namespaces");
    if (!has_landlock()) missing.layers.emplace_back("landlock");
    if (!has_system_call_filter()) missing.layers.emplace_back("seccomp");
    return missing;
}

} // namespace

bool is_helper(int argc, char **argv) noexcept {
    return argc == 2 && argv[1] == std::string_view{helper_command};
}

int run_helper() {
    if (!send(line_fd, encode(make_ready()))) return 1;
    Helper{}.run();
    return 0;
}

} // namespace mp3conv::sandbox
