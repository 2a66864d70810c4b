#include "daemon/admin/accounts.hpp"

#include <unistd.h>

#include "common/error.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {

auth::User require_user(db::Database &rows, const std::string &email) {
    const auto user = rows.users().find(auth::normalize_email(email));
    if (!user) throw Error{Errc::not_found, email + ": there is no such account"};
    return *user;
}

void audit(std::string_view what, const std::string &email) {
    system::log::info(
        what, {{"email", system::log::mask_email(email)}, {"uid", std::to_string(::getuid())}});
}

} // namespace mp3conv::admin
