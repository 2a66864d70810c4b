#include <nlohmann/json.hpp>

#include "daemon/api/audit.hpp"
#include "daemon/api/client_address.hpp"
#include "daemon/api/form.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/page.hpp"

namespace mp3conv::api {
namespace {

using nlohmann::json;

auth::Verification read_verification(const Call &call) {
    const json body = read_json(call);
    return {
        {text_member(body, "email"), text_member(body, "password"), client_network(call.client())},
        text_member(body, "code")};
}

std::string verify(Rooms &rooms, const Call &call, const auth::Verification &given) {
    return audited(call, "verification", given.credentials.email,
                   [&] { return rooms.registration.verify(given); });
}

/// Asks for the password: following a link changes nothing.
std::string verification_form(const std::string &email, const std::string &code) {
    return "<p>To confirm that this address is yours, enter the password that you registered "
           "with.</p><form method=\"post\" action=\"/verify\">"
           "<p><label>E-mail <input name=\"email\" type=\"email\" required value=\"" +
           escape_html(email) +
           "\"></label></p><p><label>Code <input name=\"code\" required value=\"" +
           escape_html(code) +
           "\"></label></p><p><label>Password <input name=\"password\" type=\"password\" "
           "required autofocus></label></p><p><button>Confirm</button></p></form>";
}

} // namespace

/// POST /v1/register
void register_user(Rooms &rooms, Call &call) {
    const json body = read_json(call);
    const auth::Credentials given{text_member(body, "email"), text_member(body, "password"),
                                  client_network(call.client())};
    const std::string invite = body.contains("invite") ? text_member(body, "invite") : "";
    const auto made = audited(call, "registration", given.email,
                              [&] { return rooms.registration.register_user(given, invite); });
    if (!made.is_verified) rooms.notices.ring();
    answer(call, 201, {{"email", made.email}, {"verified", made.is_verified}});
}

/// POST /v1/verify: {email, code, password}
void verify_email(Rooms &rooms, Call &call) {
    answer(call, 200, {{"email", verify(rooms, call, read_verification(call))}});
}

/// GET /verify?email=&code=: where the link of a letter leads.
void show_verification(Rooms &, Call &call) {
    answer_page(call, 200, "Confirm your address",
                verification_form(call.request.get_param_value("email"),
                                  call.request.get_param_value("code")));
}

/// POST /verify: what the page sends.
void submit_verification(Rooms &rooms, Call &call) {
    const Form form = read_form(call);
    const auth::Verification given{
        {form.value("email"), form.value("password"), client_network(call.client())},
        form.value("code")};
    try {
        verify(rooms, call, given);
    } catch (const Error &e) {
        return answer_page(call, traits(e.code()).http_status, "Not confirmed",
                           "<p>" + escape_html(e.what()) + ".</p>" +
                               verification_form(given.credentials.email, given.code));
    }
    answer_page(call, 200, "Confirmed",
                "<p>This address is yours. <a href=\"/\">Log in</a> here, or run</p>"
                "<pre>mp3conv login " +
                    escape_html(given.credentials.email) + "</pre>");
}

} // namespace mp3conv::api
