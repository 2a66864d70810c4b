#pragma once

#include <thread>

#include "common/error.hpp"
#include "daemon/notify/mailer.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::notify {

/// Sends what lies in the outbox: at least once, in whatever order letters fall due.
class Notifier {
public:
    struct Rooms {
        Outbox &outbox;
        Mailer &mailer;
        system::Bell &letters; ///< rung when a letter was left
        const system::Clock &clock;
    };

    Notifier(Rooms rooms, Sender sender) : rooms_{rooms}, sender_{std::move(sender)} {}

    /// Goes on until the object is destroyed.
    void start();

    /// Tries one letter. What the server does not take is due again after a minute, then two, four
    /// and so on to an hour, and is given up after five days (RFC 5321, 4.5.4.1).
    /// @return whether one was due.
    bool deliver_one(const std::stop_token &stop = {});

private:
    void put_off(const Notice &notice, const Error &e, const std::stop_token &stop);
    void run(const std::stop_token &stop);

    Rooms rooms_;
    Sender sender_;
    std::jthread thread_;
};

} // namespace mp3conv::notify
