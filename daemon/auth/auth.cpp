#include "daemon/auth/auth.hpp"

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::auth {

system::UserId Auth::register_user(const std::string &email, const std::string &password) {
    if (!policy_.registration_open) {
        throw Error{Errc::registration_closed,
                    "registration is closed here; ask the administrator for an account"};
    }
    return add_user(email, password);
}

system::UserId Auth::add_user(const std::string &email, const std::string &password) {
    const std::string address = normalize_email(email);
    check_password(password);
    const auto user =
        users_.find(address) ? std::nullopt : users_.add(address, hash_password(password));
    if (!user) throw Error{Errc::email_taken, "this e-mail has an account already; log in instead"};
    return *user;
}

Login Auth::login(const std::string &email, const std::string &password) {
    const auto user = users_.find(normalize_email(email));
    const bool right =
        user ? verify_password(password, user->password_hash) : verify_nobody(password);
    if (!right) throw Error{Errc::wrong_credentials, "wrong e-mail or password"};
    if (user->disabled) {
        throw Error{Errc::account_disabled, "this account is disabled; ask the administrator"};
    }
    return begin_session(user->id, {}, policy_.token_lifetime);
}

Login Auth::begin_session(system::UserId user, const std::string &name,
                          std::chrono::seconds lifetime) {
    const Time now = clock_.now();
    const Session session{system::random_id(26), user, now + lifetime, name, now};
    sessions_.begin(session);
    return {tokens_.sign({session.user, session.id, now, session.expires_at}), session.expires_at,
            session.id};
}

Login Auth::create_token(const Caller &caller, const std::string &name,
                         std::chrono::seconds lifetime) {
    constexpr size_t longest_name = 100;
    const std::string clean{trim(printable(name))};
    if (clean.empty() || clean.size() > longest_name) {
        throw Error{Errc::invalid_option,
                    "a token's name must have 1 to 100 bytes; choose another"};
    }
    return begin_session(caller.user, clean, lifetime);
}

std::vector<Session> Auth::tokens(const Caller &caller) {
    return sessions_.named(caller.user);
}

void Auth::revoke_token(const Caller &caller, const std::string &id) {
    if (sessions_.end_named(caller.user, id)) return;
    throw Error{Errc::not_found, "there is no token with this ID among yours"};
}

void Auth::logout(const Caller &caller) {
    sessions_.end(caller.session);
}

Caller Auth::authenticate(const std::string &token) {
    const auto claims = tokens_.verify(token, clock_.now());
    const auto user = claims ? sessions_.user_of(claims->session) : std::nullopt;
    if (!user || *user != claims->user) {
        throw Error{Errc::not_logged_in, "not logged in, or the token has ended; log in again"};
    }
    return {*user, claims->session};
}

void Auth::require_still_allowed(const Caller &caller) {
    if (sessions_.is_allowed(caller.session)) return;
    throw Error{Errc::not_logged_in, "the token was ended meanwhile; log in again and go on"};
}

User Auth::user(system::UserId id) {
    const auto user = users_.find(id);
    if (!user) throw Error{Errc::not_logged_in, "this account is gone"};
    return *user;
}

} // namespace mp3conv::auth
