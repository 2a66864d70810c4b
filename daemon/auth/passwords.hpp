#pragma once

#include <string>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/auth.hpp"
#include "daemon/auth/code_store.hpp"
#include "daemon/auth/user_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::auth {

/// What somebody says who has a code for a new password.
struct Reset {
    std::string email;
    std::string code;
    std::string new_password;
    std::string network; ///< where from; attempts are counted by it
};

/// How owners get new passwords. Any thread may call.
class Passwords {
public:
    Passwords(UserStore &users, AttemptStore &attempts, CodeStore &codes,
              const system::Clock &clock) :
        users_{users},
        attempts_{attempts},
        codes_{codes},
        clock_{clock} {}

    /// Ends all logins but the caller's own. Named tokens stay: they are revoked one by one.
    /// @param network where from. @throws Error{wrong_credentials} where `password` is not the
    ///        present one, {invalid_option}, {rate_limited} after a few of them, {busy}.
    void change(const Caller &caller, const std::string &network, const std::string &password,
                const std::string &new_password);

    /// Leaves a letter with a code that is good for half an hour, where the e-mail has an account
    /// that may log in; three of them a day. Nobody can tell whether it has, by answer or by time.
    /// @throws Error{invalid_option} for what is no e-mail; {rate_limited} after many from there.
    void request_reset(const std::string &email, const std::string &network);

    /// Ends all sessions, those of named tokens too, and forgives all attempts at the account.
    /// @throws Error{wrong_code}, {invalid_option}, {rate_limited} after a few of them, {busy}.
    void reset(const Reset &given);

    /// Lets only the owner do what cannot be undone, though a token be stolen.
    /// @throws Error{wrong_credentials} where `password` is not the present one, {rate_limited}
    ///         after a few of them, {busy}.
    void confirm(const Caller &caller, const std::string &network, const std::string &password);

private:
    UserStore &users_;
    AttemptStore &attempts_;
    CodeStore &codes_;
    const system::Clock &clock_;
};

} // namespace mp3conv::auth
