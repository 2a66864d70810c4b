#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/file_object.hpp"

namespace mp3conv::notify {

/// Something an owner is to be told by mail: that a file is done, or why it never will be.
struct Notice {
    int64_t id = 0; ///< stays the same over every attempt
    std::string email;
    FileObject file; ///< as it was when the notice was taken; done or failed
    int attempt = 0; ///< counts from 1
};

/// Notices that were left by the transaction which finished their job. Every change is durable when
/// the call returns. Any thread may call. All throw Error{busy} where the database cannot be had.
class Outbox {
public:
    virtual ~Outbox() = default;

    /// Takes the oldest notice that is due; it is due again when `lease` is over without an answer.
    virtual std::optional<Notice> reserve(std::chrono::seconds lease) = 0;

    /// The mail server took it.
    virtual void sent(const Notice &notice) = 0;

    /// Due again after `delay`; `why` is kept for whoever looks.
    virtual void postpone(const Notice &notice, std::chrono::seconds delay,
                          const std::string &why) = 0;

    /// Never to be tried again.
    virtual void give_up(const Notice &notice, const std::string &why) = 0;
};

} // namespace mp3conv::notify
