#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/file_object.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::notify {

/// What a user is told.
enum class Kind {
    file_ended,     ///< a file is done, or never will be
    verify_email,   ///< the code that shows whose address it is
    reset_password, ///< the code for a new password
};

/// @return the stable name, such as "file_ended".
std::string_view to_string(Kind kind);
/// @throws Error{internal} for a name of none.
Kind kind_from(std::string_view name);

/// By which way notices go, as a word: its channel is the one of that name among `Channels`.
inline constexpr const char *mail = "mail";
inline constexpr const char *by_webhook = "webhook";

/// Something that a user is to be told.
struct Notice {
    int64_t id = 0; ///< stays the same over every attempt
    Kind kind = Kind::file_ended;
    std::string channel = mail;
    system::UserId user{};
    std::string email;                  ///< of the user, as it is now
    std::optional<FileObject> file{};   ///< of `file_ended`, as it is now: done or failed
    std::string secret{};               ///< the code of those kinds that carry one
    std::optional<Time> useful_until{}; ///< told later it is of no use to anyone; absent: always
    int attempt = 0; ///< counts from 1; a stale holder of an earlier one cannot put it off
};

/// What a sender takes from the outbox.
struct Lane {
    std::string channel = mail;
    bool is_one_a_user = false; ///< as Channel::is_one_a_user
};

/// A notice to be left.
struct NewNotice {
    system::UserId user{};
    Kind kind = Kind::file_ended;
    std::string channel = mail;
    std::string file_id{}; ///< of `file_ended`; else empty
    std::string secret{};  ///< empty for none
    std::optional<Time> useful_until{};
};

/// Notices that were not sent.
struct OutboxSize {
    uint64_t waiting = 0;
    uint64_t given_up = 0;
};

/// One of them, as an administrator sees it.
struct OutboxLine {
    int64_t id = 0;
    Kind kind = Kind::file_ended;
    std::string channel;
    std::string file_id; ///< empty where it is about none
    std::string email;
    int attempt = 0;
    Time due_at;
    bool is_given_up = false;
    std::string last_error;
};

/// Notices, each left by the transaction that makes it true. Every change is durable when the call
/// returns. Any thread may call. All throw Error{busy} where the database cannot be had.
class Outbox {
public:
    /// The longest that a notice may rest, and that a lease may last. A time further ahead was
    /// written under a clock that has been turned back since, and counts as over.
    static constexpr std::chrono::minutes longest_delay{60};

    virtual ~Outbox() = default;

    /// Leaves a notice that nothing else is to be written with.
    virtual void leave(const NewNotice &notice) = 0;

    /// Takes the oldest notice of a lane that is due. When `lease` is over without an answer it is
    /// due again, for all but the sender of that name: it holds what it has taken until it says
    /// otherwise.
    virtual std::optional<Notice> reserve(const std::string &sender, std::chrono::seconds lease,
                                          const Lane &lane = {}) = 0;

    /// Gives up what waits for a channel of none of these names.
    virtual void give_up_others(const std::vector<std::string> &channels,
                                const std::string &why) = 0;

    /// Makes due at once what a sender of that name held when it died. Only for who knows that it
    /// is dead.
    virtual void reclaim(const std::string &sender) = 0;

    /// It was taken; its secret is forgotten.
    virtual void sent(const Notice &notice) = 0;

    /// Due again after `delay`, of at most `longest_delay`; `why` is kept for whoever looks.
    virtual void postpone(const Notice &notice, std::chrono::seconds delay,
                          const std::string &why) = 0;

    /// Never to be tried again; its secret is forgotten.
    virtual void give_up(const Notice &notice, const std::string &why) = 0;

    virtual OutboxSize size() = 0;

    /// @return those that were not sent, the oldest first.
    virtual std::vector<OutboxLine> list(int limit) = 0;

    /// Makes a notice due at once, as if it had not been tried. @return false where there is none
    /// that was not sent, or what it was to carry is forgotten.
    virtual bool retry(int64_t id) = 0;

    /// Forgets notices that were sent or given up before then, a hundred at a time.
    /// @return how many.
    virtual size_t forget(Time ended_before) = 0;
};

} // namespace mp3conv::notify
