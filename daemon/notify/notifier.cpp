#include "daemon/notify/notifier.hpp"

#include <algorithm>

#include "daemon/system/log.hpp"

namespace mp3conv::notify {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

constexpr auto lease = 10min; // longer than a mailer may take
constexpr auto poll = 10s;    // for letters that fall due without a ring
constexpr auto first_delay = 1min;
constexpr auto longest_delay = 60min;
constexpr int most_attempts = 125; // six in the first hour, then one an hour: five days

std::chrono::seconds delay_after(int attempt) {
    return std::min<std::chrono::seconds>(longest_delay,
                                          first_delay * (1 << std::min(attempt - 1, 6)));
}

} // namespace

void Notifier::start() {
    thread_ = std::jthread{[this](const std::stop_token &stop) { run(stop); }};
}

bool Notifier::deliver_one(const std::stop_token &stop) {
    const auto notice = rooms_.outbox.reserve(lease);
    if (!notice) return false;
    try {
        rooms_.mailer.send(compose(*notice, sender_, rooms_.clock.now()), stop);
    } catch (const Error &e) {
        put_off(*notice, e, stop);
        return true;
    }
    rooms_.outbox.sent(*notice);
    log::info("letter sent", {{"file", notice->file.id},
                              {"to", log::mask_email(notice->email)},
                              {"attempt", std::to_string(notice->attempt)}});
    return true;
}

void Notifier::put_off(const Notice &notice, const Error &e, const std::stop_token &stop) {
    const log::Field file{"file", notice.file.id};
    const log::Field attempt{"attempt", std::to_string(notice.attempt)};
    const log::Field cause{"cause", describe(e)};
    if (stop.stop_requested()) {
        rooms_.outbox.postpone(notice, 0s, "the daemon was stopped");
    } else if (e.code() == Errc::mail_refused || notice.attempt >= most_attempts) {
        log::error("letter given up", {file, attempt, cause});
        rooms_.outbox.give_up(notice, describe(e));
    } else {
        log::warning("letter not sent yet", {file, attempt, cause});
        rooms_.outbox.postpone(notice, delay_after(notice.attempt), describe(e));
    }
}

void Notifier::run(const std::stop_token &stop) {
    while (!stop.stop_requested()) {
        const auto seen = rooms_.letters.count();
        bool more = false;
        try {
            more = deliver_one(stop);
        } catch (const std::exception &e) {
            log::error("cannot look after letters", {{"cause", e.what()}});
        }
        if (!more) rooms_.letters.wait(seen, poll, stop);
    }
}

} // namespace mp3conv::notify
