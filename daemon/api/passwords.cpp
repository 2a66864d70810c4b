#include <nlohmann/json.hpp>

#include "daemon/api/audit.hpp"
#include "daemon/api/client_address.hpp"
#include "daemon/api/handlers.hpp"

namespace mp3conv::api {

using nlohmann::json;

/// POST /v1/password/change: {password, new_password}
void change_password(Rooms &rooms, Call &call) {
    const json body = read_json(call);
    const std::string password = text_member(body, "password");
    const std::string new_password = text_member(body, "new_password");
    audited(call, "password change", rooms.auth.user(call.caller.user).email, [&] {
        rooms.passwords.change(call.caller, client_network(call.client()), password, new_password);
        return true;
    });
    call.response.status = 204;
}

/// POST /v1/password/reset: {email}; the answer is the same whether or not it has an account.
void request_reset(Rooms &rooms, Call &call) {
    const std::string email = text_member(read_json(call), "email");
    audited(call, "password reset asked for", email, [&] {
        rooms.passwords.request_reset(email, client_network(call.client()));
        return true;
    });
    rooms.notices.ring();
    answer(call, 202, json::object());
}

/// POST /v1/password/reset/confirm: {email, code, new_password}
void reset_password(Rooms &rooms, Call &call) {
    const json body = read_json(call);
    const auth::Reset given{text_member(body, "email"), text_member(body, "code"),
                            text_member(body, "new_password"), client_network(call.client())};
    audited(call, "password reset", given.email, [&] {
        rooms.passwords.reset(given);
        return true;
    });
    call.response.status = 204;
}

} // namespace mp3conv::api
