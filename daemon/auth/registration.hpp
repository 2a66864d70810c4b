#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/auth.hpp"
#include "daemon/auth/code_store.hpp"
#include "daemon/auth/invite_store.hpp"
#include "daemon/auth/user_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::auth {

/// Who may make an account.
enum class Admission { open, invite, closed };

struct RegistrationPolicy {
    Admission admission = Admission::open;
    bool verifies_email = false; ///< who comes in open shows by a code that the address is theirs
};

struct Registered {
    std::string email;        ///< as accounts are kept under it
    bool is_verified = false; ///< else a letter with a code is left, and the account waits for it
};

/// What someone says who shows that an address is theirs. The password is the one that they
/// registered with: so nobody confirms an account that another made with their address.
struct Verification {
    Credentials credentials;
    std::string code;
};

/// How accounts come to be. Any thread may call.
class Registration {
public:
    /// Accounts whose address nobody verified are forgotten after that.
    static constexpr std::chrono::seconds unverified_lifetime{std::chrono::days{7}};

    Registration(UserStore &users, AttemptStore &attempts, CodeStore &codes, InviteStore &invites,
                 const system::Clock &clock, RegistrationPolicy policy) :
        users_{users},
        attempts_{attempts},
        codes_{codes},
        invites_{invites},
        clock_{clock},
        policy_{policy} {}

    /// An account whose address waits to be verified can be registered again, which makes the
    /// earlier password and code void. An address gets three such letters in seven days.
    /// @param invite the code of one, where accounts are made by invites; it is used up, and the
    ///        address not verified: the administrator chose whom to invite.
    /// @throws Error{registration_closed}, {wrong_code} for an invite that is not good,
    ///         {email_taken}, {invalid_option}, {too_many_letters};
    ///         {rate_limited} after many attempts from there, {busy}.
    Registered register_user(const Credentials &given, const std::string &invite = {});

    /// @return the address, verified. @throws Error{wrong_code} where the code or the password is
    ///         wrong, {rate_limited} after a few of them, {busy}.
    std::string verify(const Verification &given);

    /// Makes an account whatever the policy, verified, for the administrator; one that waits to be
    /// verified becomes it. @throws Error{email_taken}, {invalid_option}, {busy}.
    system::UserId add_user(const std::string &email, const std::string &password);

private:
    void register_invited(const std::string &email, const std::string &password,
                          const std::string &invite_hash);
    Registered register_unverified(const std::string &email, const std::string &password);
    system::UserId add(const std::string &email, const std::string &password);

    UserStore &users_;
    AttemptStore &attempts_;
    CodeStore &codes_;
    InviteStore &invites_;
    const system::Clock &clock_;
    RegistrationPolicy policy_;
};

} // namespace mp3conv::auth
