#include "daemon/sandbox/attendance.hpp"

#include <algorithm>
#include <array>
#include <poll.h>
#include <utility>

#include "common/error.hpp"
#include "daemon/sandbox/channel.hpp"
#include "daemon/sandbox/fate.hpp"
#include "daemon/sandbox/word_check.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::sandbox {
namespace {

constexpr int look_up_ms = 50;

/// @return whether there is something to receive, or nobody left to send it.
bool has_news(int end) {
    pollfd line{end, POLLIN, 0};
    return ::poll(&line, 1, 0) > 0;
}

} // namespace

Attendance::Attendance(Fd words, Fd fate, std::chrono::seconds time, const SourceFile &source,
                       const convert::Progress &progress) :
    words_{std::move(words)},
    fate_{std::move(fate)},
    deadline_{time},
    source_{source},
    left_to_fetch_{source.fetch ? file_size(source.fd, "the source") : 0},
    progress_{progress} {}

convert::Report Attendance::run() {
    for (;;) {
        wait();
        take_words();
        if (progress_) progress_(part_);
        check_deadline();
        if (const auto fate = take_fate()) {
            take_words(); // said between the looks
            return settle(*fate);
        }
    }
}

void Attendance::wait() {
    std::array<pollfd, 2> lines{{{words_.get(), POLLIN, 0}, {fate_.get(), POLLIN, 0}}};
    ::poll(lines.data(), lines.size(), look_up_ms);
}

/// Not longer than a child that has its wits can talk: one that does not stop must not keep us.
void Attendance::take_words() {
    for (int i = 0; i < 10 && words_ && has_news(words_.get()); ++i) {
        const auto message = receive(words_.get());
        if (!message) {
            words_ = Fd{};
            return;
        }
        take_word(message->text);
    }
}

void Attendance::take_word(std::string_view text) {
    Word word = parse_word(text);
    if (const auto *wanted = std::get_if<Wanted>(&word)) return fetch(*wanted);
    deadline_.note_start();
    if (const auto *progress = std::get_if<Progress>(&word)) {
        part_ = std::max(part_, progress->part);
    } else {
        outcome_ = std::move(word);
    }
}

/// A child that is still itself wants nothing twice, and nothing behind the end.
void Attendance::fetch(const Wanted &wanted) {
    const auto begin = std::chrono::steady_clock::now();
    for (const auto &range : wanted.ranges) {
        if (range.count > left_to_fetch_) {
            throw Error{Errc::conversion_crashed, taken_over, "wants too much of the source"};
        }
        left_to_fetch_ -= range.count;
    }
    source_.fetch(wanted.ranges, [this] {
        if (progress_) progress_(part_);
    });
    deadline_.put_off(std::chrono::steady_clock::now() - begin);
    send(words_.get(), it_is_there); // or it has ended, and `fate_` tells
}

void Attendance::check_deadline() try { deadline_.check(); } catch (const Error &) {
    system::counts().sandbox_kills.of({"deadline"}).add();
    throw;
}

std::optional<Fate> Attendance::take_fate() {
    if (!has_news(fate_.get())) return std::nullopt;
    const auto message = receive(fate_.get());
    if (message) return parse_fate(message->text);
    throw Error{Errc::conversion_killed, "the helper that converts died; try again later"};
}

convert::Report Attendance::settle(const Fate &fate) {
    system::log::debug("converter ended", {{"how", describe(fate)},
                                           {"peak_mib", std::to_string(fate.peak_bytes >> 20)},
                                           {"cpu_s", std::to_string(fate.cpu_s)}});
    if (!ended_well(fate)) system::counts().sandbox_kills.of({short_cause(fate)}).add();
    if (!ended_well(fate) || !outcome_) throw error_of(fate);
    if (const auto *error = std::get_if<Error>(&*outcome_)) throw *error;
    return std::get<convert::Report>(*outcome_);
}

} // namespace mp3conv::sandbox
