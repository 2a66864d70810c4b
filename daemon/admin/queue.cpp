#include <nlohmann/json.hpp>

#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {

int show_queue(const Settings &settings, const Request &request) {
    const auto backlog = House{settings}.rows->overview().backlog();
    const nlohmann::ordered_json stats{{"uploading", backlog.uploading},
                                       {"queued", backlog.queued},
                                       {"converting", backlog.converting},
                                       {"oldest_wait_s", backlog.oldest_wait.count()},
                                       {"paused", backlog.is_paused}};
    if (request.json) {
        print_line(true, stats);
        return 0;
    }
    for (const auto &[name, value] : stats.items()) {
        print_line(false, {{"name", name}, {"value", value}});
    }
    return 0;
}

int pause_queue(const Settings &settings, const Request &) {
    House{settings}.rows->overview().set_paused(true);
    system::log::info("queue paused");
    return 0;
}

int resume_queue(const Settings &settings, const Request &) {
    House{settings}.rows->overview().set_paused(false);
    system::log::info("queue resumed");
    return 0;
}

} // namespace mp3conv::admin
