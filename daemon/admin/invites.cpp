#include <iostream>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/auth/code.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {
namespace {

void audit(std::string_view what, int64_t id) {
    system::log::info(what, {{"invite", std::to_string(id)}, {"uid", std::to_string(::getuid())}});
}

std::string_view state_of(const auth::Invite &invite, Time now) {
    if (invite.is_used) return "used";
    return invite.expires_at > now ? "open" : "expired";
}

void revoke(auth::InviteStore &invites, const std::string &id) {
    const auto number = parse_number(id);
    if (!number || !invites.revoke(static_cast<int64_t>(*number))) {
        throw Error{Errc::not_found,
                    id + ": there is no such invite that was not used; see mp3convd invite list"};
    }
    audit("invite revoked", static_cast<int64_t>(*number));
    std::cout << id << '\n';
}

} // namespace

/// The code is printed here and nowhere else: the rows keep its hash.
int create_invite(const Settings &settings, const Request &request) {
    const House house{settings};
    const std::string code = auth::make_code();
    const auto id = house.rows->invites().create(auth::hash_code(code), printable(request.note),
                                                 house.clock.now() + request.expires);
    audit("invite made", id);
    std::cout << code << '\n';
    return 0;
}

int list_invites(const Settings &settings, const Request &request) {
    const House house{settings};
    for (const auto &invite : house.rows->invites().list()) {
        print_line(request.json, {{"id", invite.id},
                                  {"state", state_of(invite, house.clock.now())},
                                  {"expires_at", format_time(invite.expires_at)},
                                  {"used_by", invite.used_by},
                                  {"note", invite.note}});
    }
    return 0;
}

int revoke_invites(const Settings &settings, const Request &request) {
    const House house{settings};
    for (const auto &id : request.ids) revoke(house.rows->invites(), id);
    return 0;
}

} // namespace mp3conv::admin
