#include <nlohmann/json.hpp>

#include "daemon/api/handlers.hpp"

namespace mp3conv::api {

/// GET /healthz: the process answers.
void show_alive(Rooms &, Call &call) {
    answer(call, 200, {{"status", "ok"}, {"version", MP3CONV_VERSION}});
}

/// GET /readyz: it can take work: the database answers, the disk has room, nobody stops it.
void show_ready(Rooms &rooms, Call &call) {
    if (rooms.draining) throw Error{Errc::busy, "the server is stopping"};
    const bool is_paused = rooms.overview.backlog().is_paused;
    nlohmann::json ready{{"status", "ready"},
                         {"queue", {{"paused", is_paused}}},
                         {"sandbox", {{"missing", rooms.missing_layers}}}};
    if (const auto free = rooms.blobs.free_bytes()) ready["free_bytes"] = *free;
    answer(call, 200, ready);
}

} // namespace mp3conv::api
