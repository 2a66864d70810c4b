#include "daemon/auth/passwords.hpp"

#include <chrono>

#include "common/error.hpp"
#include "daemon/auth/attempt.hpp"
#include "daemon/auth/code.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/auth/subjects.hpp"

namespace mp3conv::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto code_lifetime = 30min;
constexpr LetterAllowance letters{3, 24h};

} // namespace

void Passwords::change(const Caller &caller, const std::string &network,
                       const std::string &password, const std::string &new_password) {
    check_password(new_password);
    confirm(caller, network, password);
    users_.change_password(caller.user, hash_password(new_password), caller.session);
}

void Passwords::confirm(const Caller &caller, const std::string &network,
                        const std::string &password) {
    const auto user = users_.find(caller.user);
    if (!user) throw Error{Errc::not_logged_in, "this account is gone"};
    Attempt attempt{attempts_, subjects_of(attempts_, user->email, network)};
    if (verify_password(password, user->password_hash)) return;
    attempt.stand();
    throw Error{Errc::wrong_credentials, "the present password is wrong"};
}

void Passwords::request_reset(const std::string &email, const std::string &network) {
    const std::string address = normalize_email(email);
    Attempt attempt{attempts_, {subject_of_network(network)}};
    attempt.stand(); // each may be a letter
    const std::string code = make_code();
    codes_.begin_reset({address, code, hash_code(code), clock_.now() + code_lifetime, letters});
}

void Passwords::reset(const Reset &given) {
    const std::string email = normalize_email(given.email);
    check_password(given.new_password);
    Attempt attempt{attempts_, subjects_of(attempts_, email, given.network)};
    const std::string code_hash = hash_code(normalize_code(given.code));
    if (!codes_.reset(email, code_hash, hash_password(given.new_password))) {
        attempt.stand();
        throw Error{Errc::wrong_code, "the code is wrong, was used or has run out; ask for another "
                                      "letter with mp3conv password reset"};
    }
    attempts_.clear(email);
}

} // namespace mp3conv::auth
