#pragma once

#include <stop_token>

#include "daemon/notify/letter.hpp"

namespace mp3conv::notify {

/// Where letters go.
class Mailer {
public:
    virtual ~Mailer() = default;

    /// Hands a letter over; whoever took it is responsible for it when this returns. Any thread
    /// may call. A stop request ends it with an Error.
    /// @throws Error{undeliverable} where no other attempt will succeed; any other Error where one
    /// may.
    virtual void send(const Letter &letter, const std::stop_token &stop) = 0;
};

} // namespace mp3conv::notify
