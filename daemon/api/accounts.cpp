#include <nlohmann/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {
namespace {

namespace log = system::log;
using nlohmann::json;

struct Credentials {
    std::string email;
    std::string password;
};

Credentials read_credentials(const Call &call) {
    const json body = read_json(call);
    return {text_member(body, "email"), text_member(body, "password")};
}

} // namespace

/// POST /v1/register
void register_user(Rooms &rooms, Call &call) {
    const auto [email, password] = read_credentials(call);
    const auto user = rooms.auth.register_user(email, password);
    log::info("registered", {{"user", std::to_string(static_cast<int64_t>(user))},
                             {"email", log::mask_email(email)}});
    answer(call, 201, {{"email", rooms.auth.user(user).email}});
}

/// POST /v1/login
void login(Rooms &rooms, Call &call) {
    const auto [email, password] = read_credentials(call);
    const auto login = rooms.auth.login(email, password);
    answer(call, 200, {{"token", login.token}, {"expires_at", format_time(login.expires_at)}});
}

/// POST /v1/logout
void logout(Rooms &rooms, Call &call) {
    rooms.auth.logout(call.caller);
    call.response.status = 204;
}

/// GET /v1/me
void show_account(Rooms &rooms, Call &call) {
    const auto user = rooms.auth.user(call.caller.user);
    const auto usage = rooms.files.usage(call.caller.user);
    answer(call, 200,
           {{"email", user.email},
            {"created_at", format_time(user.created_at)},
            {"usage", {{"bytes", usage.bytes}, {"files", usage.files}, {"active", usage.active}}},
            {"limits",
             {{"quota_bytes", rooms.limits.quota_bytes},
              {"max_upload_bytes", rooms.limits.max_upload_bytes}}}});
}

} // namespace mp3conv::api
