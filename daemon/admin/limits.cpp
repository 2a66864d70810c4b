#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/admin/accounts.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"

namespace mp3conv::admin {
namespace {

/// A setting that can differ for one user, by its name.
struct Limit {
    const char *name;
    std::optional<uint64_t> queue::OwnLimits::*own;
    uint64_t queue::Usage::*used;
    std::optional<uint64_t> (*parse)(std::string_view);
    const char *example;
};

constexpr std::array limits{
    Limit{"quota", &queue::OwnLimits::bytes, &queue::Usage::bytes, parse_size,
          "a size such as 8GiB"},
    Limit{"max-active", &queue::OwnLimits::active, &queue::Usage::active, parse_number, "a number"},
    Limit{"max-uploads-per-day", &queue::OwnLimits::uploads_a_day, &queue::Usage::uploads_today,
          parse_number, "a number"}};

void set(queue::OwnLimits &own, const Request &request) {
    const auto limit = std::find_if(limits.begin(), limits.end(), [&](const Limit &candidate) {
        return candidate.name == request.limit_name;
    });
    auto &value = own.*limit->own;
    value.reset();
    if (request.limit_value == "default") return;
    value = limit->parse(request.limit_value);
    if (!value || *value > static_cast<uint64_t>(INT64_MAX)) {
        throw Error{Errc::usage, request.limit_name + ": '" + request.limit_value +
                                     "' is neither " + limit->example + " nor default"};
    }
}

} // namespace

std::vector<std::string> limit_names() {
    std::vector<std::string> names;
    for (const auto &limit : limits) names.emplace_back(limit.name);
    return names;
}

/// Prints all of them as they are then.
int limit_user(const Settings &settings, const Request &request) {
    const House house{settings};
    const auto user = require_user(*house.rows, request.email);
    auto own = house.rows->files().own_limits(user.id);
    if (!request.limit_name.empty()) {
        set(own, request);
        house.rows->files().set_own_limits(user.id, own);
        audit("account limited", user.email);
    }
    const auto usage = house.rows->files().usage(user.id);
    for (const auto &limit : limits) {
        const auto value = own.*limit.own;
        print_line(request.json, {{"name", limit.name},
                                  {"limit", value ? nlohmann::ordered_json(*value) : "default"},
                                  {"used", usage.*limit.used}});
    }
    return 0;
}

} // namespace mp3conv::admin
