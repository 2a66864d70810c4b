#include "daemon/auth/auth.hpp"

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/auth/attempt.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/auth/subjects.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::auth {
namespace {

using namespace std::chrono_literals;

// Addresses stay in histories and in the logs of proxies: long enough to listen, not to keep.
constexpr auto link_lifetime = 1h;

} // namespace

Login Auth::login(const Credentials &given) {
    const std::string email = normalize_email(given.email);
    Attempt attempt{attempts_, subjects_of(attempts_, email, given.network)};
    const auto user = users_.find(email);
    const bool right =
        user ? verify_password(given.password, user->password_hash) : verify_nobody(given.password);
    if (!right) {
        attempt.stand();
        throw Error{Errc::wrong_credentials, "wrong e-mail or password"};
    }
    attempts_.clear(email);
    attempts_.remember(user->id, given.network);
    if (user->disabled) {
        throw Error{Errc::account_disabled, "this account is disabled; ask the administrator"};
    }
    if (!user->verified) {
        throw Error{Errc::email_unverified,
                    "this address is not verified yet; run mp3conv verify " + email +
                        " CODE with the code from the letter, or register again for another one"};
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

Caller Auth::require_caller(const std::optional<Claims> &claims, const char *otherwise) {
    const auto user = claims ? sessions_.user_of(claims->session) : std::nullopt;
    if (!user || *user != claims->user) throw Error{Errc::not_logged_in, otherwise};
    return {*user, claims->session};
}

Caller Auth::authenticate(const std::string &token) {
    return require_caller(tokens_.verify(token, clock_.now()),
                          "not logged in, or the token has ended; log in again");
}

Login Auth::create_link(const Caller &caller, const std::string &file) {
    const Time now = clock_.now();
    const Time end = now + link_lifetime;
    return {tokens_.sign({caller.user, caller.session, now, end, file}), end, caller.session};
}

Caller Auth::authenticate_link(const std::string &link, const std::string &file) {
    return require_caller(tokens_.verify_link(link, clock_.now(), file),
                          "this link has ended; ask for a new one");
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
