#include <iostream>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {
namespace {

void retry(notify::Outbox &outbox, const std::string &id) {
    const auto number = parse_number(id);
    if (!number || !outbox.retry(static_cast<int64_t>(*number))) {
        throw Error{Errc::not_found, id + ": no letter of that number can be sent any more; see "
                                          "mp3convd outbox list"};
    }
    system::log::info("letter due again", {{"letter", id}});
    std::cout << id << '\n';
}

} // namespace

int list_letters(const Settings &settings, const Request &request) {
    for (const auto &line : House{settings}.rows->outbox().list(request.limit)) {
        print_line(request.json, {{"id", line.id},
                                  {"kind", notify::to_string(line.kind)},
                                  {"channel", line.channel},
                                  {"file", line.file_id},
                                  {"to", line.email},
                                  {"state", line.is_given_up ? "given_up" : "waiting"},
                                  {"attempts", line.attempt},
                                  {"due_at", format_time(line.due_at)},
                                  {"error", line.last_error}});
    }
    return 0;
}

int retry_letters(const Settings &settings, const Request &request) {
    const House house{settings};
    for (const auto &id : request.ids) retry(house.rows->outbox(), id);
    return 0;
}

} // namespace mp3conv::admin
