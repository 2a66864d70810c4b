#include "daemon/api/handlers.hpp"

namespace mp3conv::api {

/// GET /metrics
void show_metrics(Rooms &rooms, Call &call) {
    call.response.status = 200;
    call.response.set_content(rooms.metrics(), "text/plain; version=0.0.4; charset=utf-8");
}

} // namespace mp3conv::api
