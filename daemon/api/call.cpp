#include "daemon/api/call.hpp"

#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/units.hpp"

namespace mp3conv::api {

std::string read_text(const Call &call) {
    constexpr size_t largest = 64 << 10;
    std::string text;
    const bool whole = (*call.body)([&](const char *bytes, size_t size) {
        if (text.size() + size > largest) {
            throw Error{Errc::too_large, "the body is larger than 64 KiB; send less"};
        }
        text.append(bytes, size);
        return true;
    });
    if (!whole) throw Error{Errc::upload_incomplete, "the body ended early; send it again"};
    return text;
}

nlohmann::json read_json(const Call &call) {
    auto json = nlohmann::json::parse(read_text(call), nullptr, false);
    if (!json.is_object()) throw Error{Errc::bad_request, "the body is not a JSON object"};
    return json;
}

std::string text_member(const nlohmann::json &object, const char *name) {
    const auto member = object.find(name);
    if (member == object.end() || !member->is_string()) {
        throw Error{Errc::bad_request, std::string{"the body has no text '"} + name + "'"};
    }
    return member->get<std::string>();
}

int number_param(const Call &call, const char *name, int fallback, int most) {
    if (!call.request.has_param(name)) return fallback;
    const auto number = parse_number(call.request.get_param_value(name));
    if (!number || *number > static_cast<uint64_t>(most)) {
        throw Error{Errc::bad_request,
                    std::string{name} + ": not a whole number from 0 to " + std::to_string(most)};
    }
    return static_cast<int>(*number);
}

void answer(Call &call, int status, const nlohmann::json &body) {
    call.response.status = status;
    call.response.set_content(body.dump() + "\n", "application/json");
}

} // namespace mp3conv::api
