#include <chrono>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/api/admission.hpp"
#include "daemon/api/handlers.hpp"

namespace mp3conv::api {
namespace {

using namespace std::chrono_literals;

constexpr int longest_wait_s = 60;
constexpr int most_files_a_page = 1000;

/// @return the file as soon as it is finished, or as it is when `patience` is over.
queue::File wait_for(Rooms &rooms, const Call &call, std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    auto &changes = rooms.changes.of(call.id());
    while (true) {
        const auto seen = changes.count();
        auto file = require_file(rooms, call);
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (is_finished(file.object.state) || left <= 0ms || rooms.draining) return file;
        changes.wait(seen, std::min(left, look_every));
    }
}

} // namespace

queue::File require_file(Rooms &rooms, const Call &call) {
    auto file = rooms.files.find(call.caller.user, call.id());
    if (!file) throw Error{Errc::not_found, "there is no file with this ID among yours"};
    return *file;
}

/// GET /v1/files?state=&limit=&cursor=&prefix=&sha256=
void list_files(Rooms &rooms, Call &call) {
    queue::Listing listing;
    listing.limit = std::max(1, number_param(call, "limit", 100, most_files_a_page));
    listing.cursor = call.request.get_param_value("cursor");
    listing.prefix = call.request.get_param_value("prefix");
    listing.source_sha256 = call.request.get_param_value("sha256");
    if (call.request.has_param("state")) {
        listing.state = state_from(call.request.get_param_value("state"));
    }
    const auto page = rooms.files.list(call.caller.user, listing);
    nlohmann::json body{{"files", page.files}};
    if (!page.next.empty()) body["next_cursor"] = page.next;
    answer(call, 200, body);
}

/// GET /v1/files/{id}?wait=
void show_file(Rooms &rooms, Call &call) {
    const std::chrono::seconds patience{number_param(call, "wait", 0, longest_wait_s)};
    answer(call, 200, wait_for(rooms, call, patience).object);
}

/// POST /v1/files/{id}/cancel
void cancel_file(Rooms &rooms, Call &call) {
    const auto before = require_file(rooms, call);
    if (!rooms.files.cancel(call.caller.user, call.id())) {
        throw Error{Errc::wrong_state, "the file is " +
                                           std::string{to_string(before.object.state)} +
                                           " already; nothing to cancel"};
    }
    rooms.changes.of(call.id()).ring();
    answer(call, 200, require_file(rooms, call).object);
}

/// POST /v1/files/{id}/retry
void retry_file(Rooms &rooms, Call &call) {
    const auto before = require_file(rooms, call);
    if (!rooms.files.retry(call.caller.user, call.id(), limits_of(rooms, call.caller.user))) {
        throw Error{Errc::wrong_state, "the file is " +
                                           std::string{to_string(before.object.state)} +
                                           " or its source is gone; upload it again instead"};
    }
    rooms.work.ring();
    rooms.changes.of(call.id()).ring();
    answer(call, 200, require_file(rooms, call).object);
}

bool remove_with_blobs(Rooms &rooms, system::UserId owner, const std::string &id) {
    const auto blobs = rooms.files.remove(owner, id);
    if (!blobs) return false;
    for (const auto &blob : *blobs) rooms.blobs.remove(blob);
    return true;
}

/// DELETE /v1/files/{id}
void remove_file(Rooms &rooms, Call &call) {
    if (!remove_with_blobs(rooms, call.caller.user, call.id())) {
        throw Error{Errc::not_found, "there is no file with this ID among yours"};
    }
    rooms.changes.of(call.id()).ring();
    call.response.status = 204;
}

} // namespace mp3conv::api
