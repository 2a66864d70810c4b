#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/api/admission.hpp"
#include "daemon/api/audit.hpp"
#include "daemon/api/client_address.hpp"
#include "daemon/api/handlers.hpp"

namespace mp3conv::api {
namespace {

using nlohmann::json;

constexpr uint64_t default_token_s = 365ULL * 86400;
constexpr uint64_t longest_token_s = 10 * default_token_s;

json limit_or_null(uint64_t limit) {
    return limit == 0 ? json{} : json(limit);
}

auth::Credentials read_credentials(const Call &call) {
    const json body = read_json(call);
    return {text_member(body, "email"), text_member(body, "password"),
            client_network(call.client())};
}

} // namespace

/// POST /v1/login
void login(Rooms &rooms, Call &call) {
    const auto given = read_credentials(call);
    const auto login = audited(call, "login", given.email, [&] { return rooms.auth.login(given); });
    answer(call, 200, {{"token", login.token}, {"expires_at", format_time(login.expires_at)}});
}

/// POST /v1/logout
void logout(Rooms &rooms, Call &call) {
    rooms.auth.logout(call.caller);
    audit_caller(rooms, call, "logout", {"outcome", "done"});
    call.response.status = 204;
}

/// GET /v1/me
void show_account(Rooms &rooms, Call &call) {
    const auto user = rooms.auth.user(call.caller.user);
    const auto usage = rooms.files.usage(call.caller.user);
    const auto limits = limits_of(rooms, call.caller.user);
    answer(call, 200,
           {{"email", user.email},
            {"created_at", format_time(user.created_at)},
            {"usage",
             {{"bytes", usage.bytes},
              {"files", usage.files},
              {"active", usage.active},
              {"uploads_today", usage.uploads_today}}},
            {"limits",
             {{"quota_bytes", limit_or_null(limits.bytes)},
              {"max_active", limit_or_null(limits.active)},
              {"max_uploads_per_day", limit_or_null(limits.uploads_a_day)},
              {"max_upload_bytes", rooms.limits.max_upload_bytes}}}});
}

/// POST /v1/me/delete: {password}; rows and bytes are gone when the answer comes.
void delete_account(Rooms &rooms, Call &call) {
    const std::string password = text_member(read_json(call), "password");
    audited(call, "account deletion", rooms.auth.user(call.caller.user).email, [&] {
        rooms.passwords.confirm(call.caller, client_network(call.client()), password);
        rooms.remove_account(call.caller.user);
        return true;
    });
    rooms.changes.ring_all();
    call.response.status = 204;
}

/// POST /v1/tokens: {name, expires_s}; the token is in this answer and in no other.
void create_token(Rooms &rooms, Call &call) {
    const json body = read_json(call);
    const std::string name = text_member(body, "name");
    const json seconds = body.value("expires_s", json(default_token_s));
    if (!seconds.is_number_unsigned() || seconds.get<uint64_t>() > longest_token_s) {
        throw Error{Errc::bad_request, "expires_s: not a number of seconds up to ten years"};
    }
    const auto made =
        rooms.auth.create_token(call.caller, name, std::chrono::seconds{seconds.get<int64_t>()});
    audit_caller(rooms, call, "token made", {"token", made.session});
    answer(call, 201,
           {{"id", made.session},
            {"name", name},
            {"token", made.token},
            {"expires_at", format_time(made.expires_at)}});
}

/// GET /v1/tokens
void list_tokens(Rooms &rooms, Call &call) {
    json tokens = json::array();
    for (const auto &token : rooms.auth.tokens(call.caller)) {
        tokens.push_back({{"id", token.id},
                          {"name", token.name},
                          {"created_at", format_time(token.created_at)},
                          {"expires_at", format_time(token.expires_at)}});
    }
    answer(call, 200, {{"tokens", tokens}});
}

/// DELETE /v1/tokens/{id}
void revoke_token(Rooms &rooms, Call &call) {
    rooms.auth.revoke_token(call.caller, call.id());
    audit_caller(rooms, call, "token revoked", {"token", call.id()});
    call.response.status = 204;
}

} // namespace mp3conv::api
