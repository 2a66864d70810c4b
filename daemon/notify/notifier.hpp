#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/error.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/clock.hpp"
#include "daemon/system/watch.hpp"

namespace mp3conv::notify {

/// Delivers what lies in the outbox: at least once, in whatever order notices fall due. Several go
/// out at a time by each channel, so that one at which a server hangs does not hold up the others.
class Notifier {
public:
    struct Rooms {
        Outbox &outbox;
        const Channels &channels;
        system::Bell &notices; ///< rung when one was left
        const system::Clock &clock;
    };

    /// @param name of this process among those that share the outbox; see DataDir::instance.
    Notifier(Rooms rooms, std::string name) : rooms_{rooms}, name_{std::move(name)} {}

    /// Gives up what waits for a channel that is none, takes back what a process of that name held
    /// when it died, and goes on until the object is destroyed.
    void start();

    /// Tries one notice of the channel of that name. What is not taken is due again when its
    /// channel says, or given up; so is what is of no use any more.
    /// @return whether one was due.
    bool deliver_one(const std::string &name = mail);

private:
    void give_up_others();
    std::optional<Notice> take(const std::string &name, const Channel &channel);
    void deliver(const Notice &notice, Channel &channel, const std::stop_token &stop);
    void require_useful(const Notice &notice) const;
    void put_off(const Notice &notice, const Channel &channel, const Error &e,
                 const std::stop_token &stop);
    void run(const std::stop_token &stop, const std::string &name, system::Watch &watch);

    Rooms rooms_;
    std::string name_;
    std::vector<std::jthread> threads_;
};

} // namespace mp3conv::notify
