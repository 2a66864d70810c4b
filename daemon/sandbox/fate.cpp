#include "daemon/sandbox/fate.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <sys/wait.h>

#include "daemon/sandbox/word_check.hpp"

namespace mp3conv::sandbox {
namespace {

struct Ending {
    int signal;
    Errc code;
    const char *message;
};

// SIGKILL comes from an administrator, or from the kernel when the machine is out of memory: a
// conversion that takes too much of it by itself is refused some, and is not killed.
constexpr std::array endings{
    Ending{SIGKILL, Errc::conversion_killed, "the conversion was killed; try again later"},
    Ending{SIGSYS, Errc::conversion_crashed, taken_over},
    Ending{SIGXCPU, Errc::conversion_timeout,
           "its conversion took too much computing time; convert it in parts"},
    Ending{SIGXFSZ, Errc::too_long,
           "its MP3 would be larger than such a file can make it; check "
           "that it plays"},
};

} // namespace

bool ended_well(const Fate &fate) noexcept {
    return WIFEXITED(fate.wait_status) && WEXITSTATUS(fate.wait_status) == 0;
}

std::string describe(const Fate &fate) {
    if (WIFEXITED(fate.wait_status)) return "exit " + std::to_string(WEXITSTATUS(fate.wait_status));
    const int signal = WTERMSIG(fate.wait_status);
    return "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
}

std::string short_cause(const Fate &fate) {
    const char *signal =
        WIFSIGNALED(fate.wait_status) ? ::sigabbrev_np(WTERMSIG(fate.wait_status)) : "exit";
    return signal == nullptr ? "other" : signal;
}

Error error_of(const Fate &fate) {
    for (const auto &[signal, code, message] : endings) {
        const bool is_so = WIFSIGNALED(fate.wait_status) && WTERMSIG(fate.wait_status) == signal;
        if (is_so) return Error{code, message, describe(fate)};
    }
    return Error{Errc::conversion_crashed,
                 "the converter crashed on it; convert it to another format first", describe(fate)};
}

} // namespace mp3conv::sandbox
