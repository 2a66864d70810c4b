#include <iostream>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {
namespace {

void retry(db::Database &rows, const std::string &id) {
    const auto owner = rows.overview().owner_of(id);
    if (!owner) throw Error{Errc::not_found, id + ": there is no such file"};
    if (!rows.files().retry(*owner, id, {})) {
        throw Error{Errc::wrong_state,
                    id + ": neither failed nor cancelled, or its source is gone; its owner can "
                         "upload it again"};
    }
    system::log::info("job queued again", {{"file", id}});
    std::cout << id << '\n';
}

} // namespace

int list_jobs(const Settings &settings, const Request &request) {
    std::optional<State> state;
    if (!request.state.empty()) state = state_from(request.state);
    for (const auto &line : House{settings}.rows->overview().list(state, request.limit)) {
        const FileObject &file = line.file;
        print_line(request.json, {{"id", file.id},
                                  {"state", to_string(file.state)},
                                  {"owner", line.email},
                                  {"created_at", format_time(file.created_at)},
                                  {"bytes", file.source.bytes},
                                  {"tries", line.tries},
                                  {"error", file.error ? file.error->code : ""}});
    }
    return 0;
}

int retry_jobs(const Settings &settings, const Request &request) {
    const House house{settings};
    for (const auto &id : request.ids) retry(*house.rows, id);
    return 0;
}

} // namespace mp3conv::admin
