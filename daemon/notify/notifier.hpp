#pragma once

#include <string>
#include <thread>
#include <vector>

#include "common/error.hpp"
#include "daemon/notify/mailer.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::notify {

/// Sends what lies in the outbox: at least once, in whatever order letters fall due. Several go out
/// at a time, so that one at which a mail server hangs does not hold up the others.
class Notifier {
public:
    struct Rooms {
        Outbox &outbox;
        Mailer &mailer;
        system::Bell &letters; ///< rung when a letter was left
        const system::Clock &clock;
    };

    /// @param name of this process among those that share the outbox; see DataDir::instance.
    Notifier(Rooms rooms, Sender sender, std::string name) :
        rooms_{rooms},
        sender_{std::move(sender)},
        name_{std::move(name)} {}

    /// Takes back what a process of that name held when it died, and goes on until the object is
    /// destroyed.
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
    std::string name_;
    std::vector<std::jthread> threads_;
};

} // namespace mp3conv::notify
