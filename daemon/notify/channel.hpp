#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "daemon/notify/outbox.hpp"

namespace mp3conv::notify {

/// A way to deliver notices, such as mail.
class Channel {
public:
    virtual ~Channel() = default;

    /// @return what goes this way, as the log calls it: "letter".
    virtual std::string_view item() const = 0;

    /// Hands a notice over; whoever took it is responsible for it when this returns. It may be the
    /// same as before: where the answer to an earlier attempt was lost. Any thread may call. A stop
    /// request ends it with an Error.
    /// @throws Error{undeliverable} where no other attempt will succeed; any other Error where one
    ///         may.
    virtual void deliver(const Notice &notice, const std::stop_token &stop) = 0;

    /// @param attempt that failed, from 1.
    /// @return when to try again, after at most Outbox::longest_delay; nullopt for never.
    virtual std::optional<std::chrono::seconds> pause_after(int attempt) const = 0;

    /// @return whether a user gets one notice at a time: where each has a server of their own, a
    ///         slow one is not to hold up the others'.
    virtual bool is_one_a_user() const = 0;
};

/// By the name that a notice has its channel under.
using Channels = std::map<std::string, std::unique_ptr<Channel>>;

} // namespace mp3conv::notify
