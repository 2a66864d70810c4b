#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "daemon/api/server/application.hpp"
#include "daemon/auth/auth.hpp"

namespace mp3conv::api {

/// One request as a handler sees it: routed, and its caller known where the route asks for one.
struct Call : server::Exchange {
    std::vector<std::string> captures; ///< what stood at the route's `{}`
    auth::Caller caller;

    const std::string &client() const { return request.remote_addr; }
    const std::string &id() const { return captures.front(); }
};

/// @return the request's body. @throws Error{too_large} above 64 KiB, Error{upload_incomplete}.
std::string read_text(const Call &call);

/// @return the request's body as a JSON object.
/// @throws Error{bad_request}; Error{too_large} above 64 KiB.
nlohmann::json read_json(const Call &call);

/// @return that member. @throws Error{bad_request} naming it where it is missing or no text.
std::string text_member(const nlohmann::json &object, const char *name);

/// @return a whole number from the query, `fallback` where it is absent.
/// @throws Error{bad_request} naming it for anything else or more than `most`.
int number_param(const Call &call, const char *name, int fallback, int most);

void answer(Call &call, int status, const nlohmann::json &body);

} // namespace mp3conv::api
