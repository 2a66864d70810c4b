#include "daemon/api/admission.hpp"

#include "common/error.hpp"
#include "common/units.hpp"

namespace mp3conv::api {
namespace {

constexpr uint64_t disk_reserve = 256ULL << 20; // for the MP3s and the database

} // namespace

queue::Limits limits_of(Rooms &rooms, system::UserId user) {
    return rooms.files.own_limits(user).over(rooms.limits.of_users);
}

queue::Limits admit(Rooms &rooms, system::UserId user, const queue::Usage &more) {
    if (rooms.draining) throw Error{Errc::busy, "the server is stopping; try again in a moment"};
    if (more.bytes > rooms.limits.max_upload_bytes) {
        throw Error{Errc::too_large, "the upload is larger than the " +
                                         format_size(rooms.limits.max_upload_bytes) +
                                         " that this server takes"};
    }
    auto usage = rooms.files.usage(user);
    usage.bytes += more.bytes;
    usage.active += more.active;
    usage.uploads_today += more.uploads_today;
    const auto limits = limits_of(rooms, user);
    queue::require_within(limits, usage, rooms.clock.now());
    const auto free = rooms.blobs.free_bytes();
    if (free && *free < more.bytes + disk_reserve) {
        throw Error{Errc::storage_full, "the server's disk is full; try again later"};
    }
    return limits;
}

} // namespace mp3conv::api
