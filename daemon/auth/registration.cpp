#include "daemon/auth/registration.hpp"

#include "common/error.hpp"
#include "daemon/auth/attempt.hpp"
#include "daemon/auth/code.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/auth/subjects.hpp"

namespace mp3conv::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto code_lifetime = 24h;
constexpr LetterAllowance letters{3, Registration::unverified_lifetime};

[[noreturn]] void refuse_taken() {
    throw Error{Errc::email_taken, "this e-mail has an account already; log in instead"};
}

} // namespace

Registered Registration::register_user(const Credentials &given, const std::string &invite) {
    const std::string invite_hash = invite.empty() ? "" : hash_code(normalize_code(invite));
    if (policy_.admission == Admission::closed) {
        throw Error{Errc::registration_closed,
                    "registration is closed here; ask the administrator for an account"};
    }
    if (policy_.admission == Admission::invite && invite.empty()) {
        throw Error{Errc::registration_closed,
                    "an invite is needed here; ask the administrator for one, and give its code "
                    "with --invite"};
    }
    const std::string email = normalize_email(given.email);
    check_password(given.password);
    Attempt attempt{attempts_, {subject_of_network(given.network)}};
    attempt.stand(); // it costs a hash, or tells who has an account
    if (policy_.admission == Admission::invite) {
        register_invited(email, given.password, invite_hash);
        return {email, true};
    }
    if (policy_.verifies_email) return register_unverified(email, given.password);
    add(email, given.password);
    return {email, true};
}

void Registration::register_invited(const std::string &email, const std::string &password,
                                    const std::string &invite_hash) {
    auto outcome = Redemption::not_good;
    if (invites_.is_good(invite_hash)) {
        outcome = invites_.redeem(invite_hash, email, hash_password(password));
    }
    if (outcome == Redemption::email_taken) refuse_taken();
    if (outcome == Redemption::not_good) {
        throw Error{Errc::wrong_code, "the invite is not known, was used or has run out; ask the "
                                      "administrator for another"};
    }
}

Registered Registration::register_unverified(const std::string &email,
                                             const std::string &password) {
    const auto known = users_.find(email);
    if (known && known->verified) refuse_taken();
    const std::string code = make_code();
    const NewCode letter{email, code, hash_code(code), clock_.now() + code_lifetime, letters};
    const auto outcome = codes_.register_unverified(letter, hash_password(password));
    if (outcome == Waiting::email_taken) refuse_taken();
    if (outcome == Waiting::too_many_letters) {
        throw Error{Errc::too_many_letters,
                    "this address has had its letters for now; use the code of the last one, or "
                    "ask the administrator for an account"};
    }
    return {email, false};
}

std::string Registration::verify(const Verification &given) {
    const std::string email = normalize_email(given.credentials.email);
    Attempt attempt{attempts_, subjects_of(attempts_, email, given.credentials.network)};
    const auto user = users_.find(email);
    const bool right = user ? verify_password(given.credentials.password, user->password_hash)
                            : verify_nobody(given.credentials.password);
    if (!right || !codes_.verify(email, hash_code(normalize_code(given.code)))) {
        attempt.stand();
        throw Error{Errc::wrong_code, "the code or the password is wrong, or the code was used or "
                                      "has run out; register again for another letter"};
    }
    attempts_.clear(email);
    return email;
}

system::UserId Registration::add_user(const std::string &email, const std::string &password) {
    const std::string address = normalize_email(email);
    check_password(password);
    return add(address, password);
}

system::UserId Registration::add(const std::string &email, const std::string &password) {
    const auto known = users_.find(email);
    if (known && known->verified) refuse_taken();
    const auto user = users_.add(email, hash_password(password));
    if (!user) refuse_taken();
    return *user;
}

} // namespace mp3conv::auth
