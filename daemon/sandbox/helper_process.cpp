#include "daemon/sandbox/helper_process.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "common/error.hpp"
#include "daemon/sandbox/channel.hpp"
#include "daemon/sandbox/confinement.hpp"
#include "daemon/sandbox/helper.hpp"

namespace mp3conv::sandbox {
namespace {

/// What becomes of descriptors when the helper starts.
class Descriptors {
public:
    Descriptors() { ::posix_spawn_file_actions_init(&actions_); }
    ~Descriptors() { ::posix_spawn_file_actions_destroy(&actions_); }
    Descriptors(const Descriptors &) = delete;
    Descriptors &operator=(const Descriptors &) = delete;

    void lead_nowhere(int fd) {
        ::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    }
    void put(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
    void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions_, first); }

    const posix_spawn_file_actions_t *get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// @return the same, with a number that the helper's own descriptors do not take.
Fd out_of_the_way(int fd) {
    return Fd{::fcntl(fd, F_DUPFD_CLOEXEC, count_fd + 1)};
}

pid_t spawn(int line, int count) {
    const Fd line_copy = out_of_the_way(line);
    const Fd count_copy = out_of_the_way(count);
    Descriptors descriptors;
    for (const int fd : {0, 1, 2}) {
        const bool reports = is_instrumented && fd == 2; // of sanitizers
        if (!reports) descriptors.lead_nowhere(fd);
    }
    descriptors.put(line_copy.get(), line_fd);
    descriptors.put(count_copy.get(), count_fd);
    descriptors.close_from(count_fd + 1);

    std::string name = "mp3convd";
    std::string command = helper_command;
    const std::array<char *, 3> arguments{name.data(), command.data(), nullptr};
    const std::array<char *, 1> environment{nullptr};
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, "/proc/self/exe", descriptors.get(), nullptr,
                                    arguments.data(), environment.data());
    if (error == 0) return pid;
    throw Error{Errc::internal, "cannot start the helper that converts; is /proc mounted?",
                std::strerror(error)};
}

} // namespace

HelperProcess::HelperProcess(int count) {
    Channel channel = open_channel();
    line_ = std::move(channel.ours);
    pid_ = spawn(channel.theirs.get(), count);
    channel.theirs = Fd{}; // where the helper dies, nobody else holds that end
    const auto ready = receive(line_.get());
    if (!ready) {
        ::waitpid(pid_, nullptr, 0);
        throw Error{Errc::internal, "the helper that converts died as it started"};
    }
    missing_ = parse_missing(ready->text);
}

HelperProcess::~HelperProcess() {
    line_ = Fd{};
    ::waitpid(pid_, nullptr, 0);
}

bool HelperProcess::send(std::string_view message, std::initializer_list<int> descriptors) {
    return sandbox::send(line_.get(), message, descriptors);
}

} // namespace mp3conv::sandbox
