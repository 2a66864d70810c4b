#include "cli/interrupt.hpp"

#include <csignal>

#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int signal) {
    noted = signal;
}

} // namespace

void note_signals() {
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
    if (noted == SIGINT) throw Error{Errc::interrupted, "interrupted"};
    if (noted != 0) throw Error{Errc::terminated, "terminated"};
}

} // namespace mp3conv::cli
