#pragma once

#include <chrono>
#include <string>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/session_store.hpp"
#include "daemon/auth/tokens.hpp"
#include "daemon/auth/user_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::auth {

struct Policy {
    std::chrono::seconds token_lifetime{std::chrono::days{30}};
};

/// What someone says who wants to get in.
struct Credentials {
    std::string email;
    std::string password;
    std::string network; ///< where from; attempts are counted by it
};

struct Login {
    std::string token;
    Time expires_at;
    std::string session{};
};

/// Who sent a request.
struct Caller {
    system::UserId user{};
    std::string session;
};

/// Logins and tokens. Any thread may call.
class Auth {
public:
    Auth(UserStore &users, SessionStore &sessions, AttemptStore &attempts, const Tokens &tokens,
         const system::Clock &clock, Policy policy) :
        users_{users},
        sessions_{sessions},
        attempts_{attempts},
        tokens_{tokens},
        clock_{clock},
        policy_{policy} {}

    /// An unknown e-mail costs the same work and gets the same answer as a wrong password, also
    /// after many. Attempts are counted by network, and by account; from where an account was got
    /// into before they are counted apart, so that nobody elsewhere can keep its owner out.
    /// @throws Error{wrong_credentials}; {account_disabled} or {email_unverified} after the right
    ///         password; {rate_limited} before any is checked, {busy}.
    Login login(const Credentials &given);

    void logout(const Caller &caller);

    /// Makes a token that is good until it expires or is revoked: for cron jobs and the like.
    /// @param name by which its owner knows it. @throws Error{invalid_option} for none, or one of
    ///        more than 100 bytes.
    Login create_token(const Caller &caller, const std::string &name,
                       std::chrono::seconds lifetime);
    std::vector<Session> tokens(const Caller &caller);
    /// @throws Error{not_found}.
    void revoke_token(const Caller &caller, const std::string &id);

    /// @throws Error{not_logged_in} for a token that is not ours, has ended or run out.
    Caller authenticate(const std::string &token);

    /// Makes what opens one file's MP3 for an hour without a token beside it: for browsers, whose
    /// players and downloads can send none. It ends with the login that asked for it.
    Login create_link(const Caller &caller, const std::string &file);
    /// @throws Error{not_logged_in} for what is no link to that file, has ended or run out.
    Caller authenticate_link(const std::string &link, const std::string &file);

    /// Asks once more at the end of what took long. A token whose time ran out meanwhile is still
    /// good for it. @throws Error{not_logged_in} where it was ended, or its account disabled.
    void require_still_allowed(const Caller &caller);

    /// @throws Error{not_logged_in} when the account is gone.
    User user(system::UserId id);

private:
    Caller require_caller(const std::optional<Claims> &claims, const char *otherwise);
    Login begin_session(system::UserId user, const std::string &name,
                        std::chrono::seconds lifetime);

    UserStore &users_;
    SessionStore &sessions_;
    AttemptStore &attempts_;
    const Tokens &tokens_;
    const system::Clock &clock_;
    Policy policy_;
};

} // namespace mp3conv::auth
