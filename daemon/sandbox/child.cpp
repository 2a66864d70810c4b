#include "daemon/sandbox/child.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <thread>
#include <unistd.h>
#include <vector>

#include "daemon/sandbox/confinement.hpp"
#include "daemon/system/every.hpp"

namespace mp3conv::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr auto tell_every = 100ms;

// A common file takes 40 MiB. For each core there is a thread with its stack, an encoder and the
// samples of half a minute. What is not touched counts as well: the libraries, malloc's reserves.
constexpr uint64_t memory_bytes = 1ULL << 30;
constexpr uint64_t memory_bytes_a_core = 24ULL << 20;

/// The time is measured on the clock, by the daemon; of CPU time all cores may give as much.
Limits limits_for(const Request &request) {
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    return {memory_bytes + cores * memory_bytes_a_core, request.most_bytes, request.time * cores};
}

void confine(const Task &task, int helper) {
    die_with(helper);
    if (has_landlock()) forbid_files(); // for which it opens a descriptor
    keep_only({task.source.get(), task.mp3.get(), task.words.get()});
    set_limits(limits_for(task.request));
    if (has_system_call_filter()) filter_system_calls();
}

void say(const Task &task, const Word &word) {
    write_all(task.words.get(), encode(word), "the daemon");
}

/// @return whether the daemon has answered, who else would have ended us.
bool fetch(const Task &task, const std::vector<ByteRange> &ranges) {
    say(task, Wanted{ranges});
    std::array<char, 16> answer{};
    ssize_t got = 0;
    do {
        got = ::read(task.words.get(), answer.data(), answer.size());
    } while (got < 0 && errno == EINTR);
    return got > 0 && std::string_view{answer.data(), static_cast<size_t>(got)} == it_is_there;
}

media::Source source_of(const Task &task) {
    const int fd = task.source.get();
    if (task.request.is_whole) return fd;
    return {fd,
            std::make_shared<media::Feed>(file_size(fd, "the source"), [&task](const auto &ranges) {
                return fetch(task, ranges);
            })};
}

convert::Report convert(const Task &task, convert::Cores &cores) {
    const auto tell = [&task, turn = system::Every{tell_every}](double part) mutable {
        if (turn.is_due()) say(task, Progress{part});
    };
    return convert::convert(source_of(task), task.mp3.get(), task.request.options, cores, tell);
}

/// @return what was made, or why nothing was.
Word outcome_of(const Task &task, convert::Cores &cores, int helper) try {
    confine(task, helper);
    return convert(task, cores);
} catch (const Error &e) {
    return e;
} catch (const std::bad_alloc &) {
    return Error{Errc::conversion_crashed,
                 "its conversion takes more memory than one may have; convert it to another "
                 "format first"};
}

} // namespace

void run_child(const Task &task, convert::Cores &cores, int helper) noexcept {
    try {
        say(task, outcome_of(task, cores, helper));
    } catch (...) {
        ::_exit(1); // the daemon is not there to listen, or hears of the status
    }
    ::_exit(0);
}

} // namespace mp3conv::sandbox
