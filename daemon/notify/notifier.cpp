#include "daemon/notify/notifier.hpp"

#include <algorithm>

#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/persist.hpp"

namespace mp3conv::notify {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;
using system::persist;

constexpr int senders = 4;    // letters at a time
constexpr auto lease = 60min; // longer than a mailer may take
constexpr auto poll = 10s;    // for letters that fall due without a ring
constexpr auto first_delay = 1min;
constexpr int most_attempts = 125; // six in the first hour, then one an hour: five days

void count(const char *outcome) {
    system::counts().letters.of({outcome}).add();
}

std::chrono::seconds delay_after(int attempt) {
    return std::min<std::chrono::seconds>(Outbox::longest_delay,
                                          first_delay * (1 << std::min(attempt - 1, 6)));
}

} // namespace

void Notifier::start() {
    rooms_.outbox.reclaim(name_);
    for (int i = 0; i < senders; ++i) {
        threads_.emplace_back([this](const std::stop_token &stop) { run(stop); });
    }
}

bool Notifier::deliver_one(const std::stop_token &stop) {
    const auto notice = rooms_.outbox.reserve(name_, lease);
    if (!notice) return false;
    const log::Scope of_file{{"file", notice->file.id}};
    try {
        rooms_.mailer.send(compose(*notice, sender_, rooms_.clock.now()), stop);
    } catch (const Error &e) {
        put_off(*notice, e, stop);
        return true;
    } catch (const std::exception &e) {
        put_off(*notice, Error{Errc::internal, "the letter could not be written", e.what()}, stop);
        return true;
    }
    // Whose answer is not kept goes out twice.
    persist("note that a letter is sent", stop, [&] { rooms_.outbox.sent(*notice); });
    count("sent");
    log::info("letter sent", {{"to", log::mask_email(notice->email)},
                              {"attempt", std::to_string(notice->attempt)}});
    return true;
}

void Notifier::put_off(const Notice &notice, const Error &e, const std::stop_token &stop) {
    if (stop.stop_requested()) {
        rooms_.outbox.postpone(notice, 0s, "the daemon was stopped");
        return;
    }
    const bool is_final = e.code() == Errc::mail_refused || notice.attempt >= most_attempts;
    count(is_final ? "given_up" : "put_off");
    log::write(is_final ? log::Level::error : log::Level::warning,
               is_final ? "letter given up" : "letter not sent yet",
               {{"attempt", std::to_string(notice.attempt)}, {"cause", describe(e)}});
    persist("put a letter off", stop, [&] {
        if (is_final) {
            rooms_.outbox.give_up(notice, describe(e));
        } else {
            rooms_.outbox.postpone(notice, delay_after(notice.attempt), describe(e));
        }
    });
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
