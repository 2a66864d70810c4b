#pragma once

#include <string>

#include "common/units.hpp"
#include "daemon/notify/outbox.hpp"

namespace mp3conv::notify {

/// Who writes, and where readers reach the daemon.
struct Sender {
    std::string address;    ///< "mp3conv@example.org"
    std::string public_url; ///< without a slash at its end
};

/// A message as RFC 5322 wants it.
struct Letter {
    std::string id; ///< the same for every attempt; fit for a file name
    std::string from;
    std::string to;
    std::string text; ///< header and body, lines ending in CRLF, ASCII only
};

/// Writes what the notice's kind asks for: that a file is done, or why it never will be; a code.
/// Nothing in the notice, whatever its file is called, can add a header field or a line.
/// @throws Error{undeliverable} where what it is about is gone.
Letter compose(const Notice &notice, const Sender &sender, Time now);

/// For an administrator who tries the mail settings.
Letter compose_test(const std::string &to, const Sender &sender, Time now);

} // namespace mp3conv::notify
