#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/units.hpp"
#include "daemon/admin/accounts.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/auth/registration.hpp"
#include "daemon/remove_account.hpp"

namespace mp3conv::admin {
namespace {

/// @return the first line, without its end.
std::string read_password(const std::string &file) {
    std::string password;
    if (file == "-") {
        std::getline(std::cin, password);
    } else {
        password = read_small_file(file);
        password.resize(std::min(password.size(), password.find('\n')));
    }
    auth::check_password(password);
    return password;
}

/// Does something to the account that the request names, and audits it.
template <typename Act>
int change(const Settings &settings, const Request &request, std::string_view what, Act &&act) {
    House house{settings};
    const auto user = require_user(*house.rows, request.email);
    act(house, user);
    audit(what, user.email);
    return 0;
}

std::string_view state_of(const auth::User &user) {
    if (user.disabled) return "disabled";
    return user.verified ? "enabled" : "unverified";
}

} // namespace

/// The only one that makes the data folder: an account can be there before the daemon first runs.
int add_user(const Settings &settings, const Request &request) {
    std::error_code error;
    std::filesystem::create_directories(settings.data_dir, error);
    const House house{settings};
    auto &rows = *house.rows;
    auth::Registration registration{rows.users(),   rows.attempts(), rows.codes(),
                                    rows.invites(), house.clock,     {}};
    registration.add_user(request.email, read_password(request.password_file));
    audit("account added", request.email);
    std::cout << auth::normalize_email(request.email) << '\n';
    return 0;
}

int list_users(const Settings &settings, const Request &request) {
    for (const auto &user : House{settings}.rows->users().list()) {
        print_line(request.json, {{"email", user.email},
                                  {"state", state_of(user)},
                                  {"created_at", format_time(user.created_at)}});
    }
    return 0;
}

int disable_user(const Settings &settings, const Request &request) {
    return change(settings, request, "account disabled", [](House &house, const auth::User &user) {
        house.rows->users().set_disabled(user.id, true);
    });
}

int enable_user(const Settings &settings, const Request &request) {
    return change(settings, request, "account enabled", [](House &house, const auth::User &user) {
        house.rows->users().set_disabled(user.id, false);
        house.rows->attempts().clear(user.email);
    });
}

int verify_user(const Settings &settings, const Request &request) {
    return change(settings, request, "account verified", [](House &house, const auth::User &user) {
        house.rows->users().set_verified(user.id);
    });
}

int set_password(const Settings &settings, const Request &request) {
    return change(settings, request, "password set", [&](House &house, const auth::User &user) {
        house.rows->users().set_password(user.id,
                                         auth::hash_password(read_password(request.password_file)));
        house.rows->attempts().clear(user.email);
    });
}

int remove_user(const Settings &settings, const Request &request) {
    return change(settings, request, "account removed", [](House &house, const auth::User &user) {
        remove_account({house.rows->users(), house.rows->files(), *house.blobs}, user.id);
    });
}

} // namespace mp3conv::admin
