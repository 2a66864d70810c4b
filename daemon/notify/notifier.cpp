#include "daemon/notify/notifier.hpp"

#include <memory>

#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/persist.hpp"

namespace mp3conv::notify {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;
using system::persist;

constexpr int senders = 4;    // of each channel
constexpr auto lease = 60min; // longer than a delivery may take
constexpr auto poll = 10s;    // for notices that fall due without a ring

void count(const Notice &notice, const char *outcome) {
    system::counts().notices.of({notice.channel, outcome}).add();
}

template <typename Act>
void note_failure(Act &&act) {
    try {
        act();
    } catch (const std::exception &e) {
        log::error("cannot look after the outbox", {{"cause", e.what()}});
    }
}

} // namespace

void Notifier::start() {
    give_up_others();
    rooms_.outbox.reclaim(name_);
    for (const auto &[name, channel] : rooms_.channels) {
        const auto watch = std::make_shared<system::Watch>(rooms_.notices, poll);
        for (int i = 0; i < senders; ++i) {
            threads_.emplace_back([this, watch, name = name](const std::stop_token &stop) {
                run(stop, name, *watch);
            });
        }
    }
}

void Notifier::give_up_others() {
    std::vector<std::string> names;
    for (const auto &[name, channel] : rooms_.channels) names.push_back(name);
    rooms_.outbox.give_up_others(names, "there is no such channel");
}

bool Notifier::deliver_one(const std::string &name) {
    Channel &channel = *rooms_.channels.at(name);
    const auto notice = take(name, channel);
    if (notice) deliver(*notice, channel, {});
    return notice.has_value();
}

std::optional<Notice> Notifier::take(const std::string &name, const Channel &channel) {
    return rooms_.outbox.reserve(name_, lease, {name, channel.is_one_a_user()});
}

void Notifier::deliver(const Notice &notice, Channel &channel, const std::stop_token &stop) {
    const log::Scope of_file{{"file", notice.file ? notice.file->id : std::string{}}};
    try {
        require_useful(notice);
        channel.deliver(notice, stop);
    } catch (const Error &e) {
        put_off(notice, channel, e, stop);
        return;
    } catch (const std::exception &e) {
        put_off(notice, channel, Error{Errc::internal, "it could not be written", e.what()}, stop);
        return;
    }
    // Whose answer is not kept goes out twice.
    persist("note that a notice is sent", stop, [&] { rooms_.outbox.sent(notice); });
    count(notice, "sent");
    log::info(std::string{channel.item()} + " sent",
              {{"to", log::mask_email(notice.email)},
               {"about", std::string{to_string(notice.kind)}},
               {"attempt", std::to_string(notice.attempt)}});
}

void Notifier::require_useful(const Notice &notice) const {
    if (notice.useful_until && rooms_.clock.now() >= *notice.useful_until) {
        throw Error{Errc::undeliverable, "its time is over"};
    }
}

void Notifier::put_off(const Notice &notice, const Channel &channel, const Error &e,
                       const std::stop_token &stop) {
    if (stop.stop_requested()) {
        rooms_.outbox.postpone(notice, 0s, "the daemon was stopped");
        return;
    }
    const auto pause =
        e.code() == Errc::undeliverable ? std::nullopt : channel.pause_after(notice.attempt);
    count(notice, pause ? "put_off" : "given_up");
    log::write(pause ? log::Level::warning : log::Level::error,
               std::string{channel.item()} + (pause ? " not sent yet" : " given up"),
               {{"about", std::string{to_string(notice.kind)}},
                {"attempt", std::to_string(notice.attempt)},
                {"cause", describe(e)}});
    persist("put a notice off", stop, [&] {
        if (pause) {
            rooms_.outbox.postpone(notice, *pause, describe(e));
        } else {
            rooms_.outbox.give_up(notice, describe(e));
        }
    });
}

void Notifier::run(const std::stop_token &stop, const std::string &name, system::Watch &watch) {
    Channel &channel = *rooms_.channels.at(name);
    const auto look = [&]() -> std::optional<Notice> {
        std::optional<Notice> notice;
        note_failure([&] { notice = take(name, channel); });
        return notice;
    };
    while (const auto notice = watch.next(stop, look)) {
        note_failure([&] { deliver(*notice, channel, stop); });
        if (channel.is_one_a_user()) rooms_.notices.ring_here(); // the user's next waits for that
    }
}

} // namespace mp3conv::notify
