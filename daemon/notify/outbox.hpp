#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/file_object.hpp"

namespace mp3conv::notify {

/// Something an owner is to be told by mail: that a file is done, or why it never will be.
struct Notice {
    int64_t id = 0; ///< stays the same over every attempt
    std::string email;
    FileObject file; ///< as it was when the notice was taken; done or failed
    int attempt = 0; ///< counts from 1; a stale holder of an earlier one cannot put it off
};

/// Notices that were not sent.
struct OutboxSize {
    uint64_t waiting = 0;
    uint64_t given_up = 0;
};

/// One of them, as an administrator sees it.
struct OutboxLine {
    int64_t id = 0;
    std::string file_id;
    std::string email;
    int attempt = 0;
    Time due_at;
    bool is_given_up = false;
    std::string last_error;
};

/// Notices that were left by the transaction which finished their job. Every change is durable when
/// the call returns. Any thread may call. All throw Error{busy} where the database cannot be had.
class Outbox {
public:
    /// The longest that a notice may rest, and that a lease may last. A time further ahead was
    /// written under a clock that has been turned back since, and counts as over.
    static constexpr std::chrono::minutes longest_delay{60};

    virtual ~Outbox() = default;

    /// Takes the oldest notice that is due. When `lease` is over without an answer it is due again,
    /// for all but the sender of that name: it holds what it has taken until it says otherwise.
    virtual std::optional<Notice> reserve(const std::string &sender,
                                          std::chrono::seconds lease) = 0;

    /// Makes due at once what a sender of that name held when it died. Only for who knows that it
    /// is dead.
    virtual void reclaim(const std::string &sender) = 0;

    /// The mail server took it.
    virtual void sent(const Notice &notice) = 0;

    /// Due again after `delay`, of at most `longest_delay`; `why` is kept for whoever looks.
    virtual void postpone(const Notice &notice, std::chrono::seconds delay,
                          const std::string &why) = 0;

    /// Never to be tried again.
    virtual void give_up(const Notice &notice, const std::string &why) = 0;

    virtual OutboxSize size() = 0;

    /// @return those that were not sent, the oldest first.
    virtual std::vector<OutboxLine> list(int limit) = 0;

    /// Makes a notice due at once, as if it had not been tried. @return false where there is none
    /// that was not sent.
    virtual bool retry(int64_t id) = 0;
};

} // namespace mp3conv::notify
