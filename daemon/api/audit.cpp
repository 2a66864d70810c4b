#include "daemon/api/audit.hpp"

namespace mp3conv::api {

namespace log = system::log;

void audit(const Call &call, std::string_view what, const std::string &email,
           const log::Field &detail) {
    log::info(what, {{"email", log::mask_email(email)},
                     detail,
                     {"client", call.client()},
                     {"request", call.request.get_header_value("X-Request-Id")}});
}

void audit_caller(Rooms &rooms, const Call &call, std::string_view what, const log::Field &detail) {
    audit(call, what, rooms.auth.user(call.caller.user).email, detail);
}

} // namespace mp3conv::api
