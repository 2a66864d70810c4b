#include "daemon/api/admission.hpp"

#include "common/error.hpp"
#include "common/units.hpp"

namespace mp3conv::api {
namespace {

constexpr uint64_t disk_reserve = 256ULL << 20; // for the MP3s and the database

} // namespace

void admit(Rooms &rooms, system::UserId user, uint64_t size) {
    if (rooms.draining) throw Error{Errc::busy, "the server is stopping; try again in a moment"};
    if (size > rooms.limits.max_upload_bytes) {
        throw Error{Errc::too_large, "the upload is larger than the " +
                                         format_size(rooms.limits.max_upload_bytes) +
                                         " that this server takes"};
    }
    const uint64_t used = rooms.files.usage(user).bytes;
    if (used + size > rooms.limits.quota_bytes) {
        throw Error{Errc::over_quota, "your files would take more than your " +
                                          format_size(rooms.limits.quota_bytes) +
                                          "; remove some first"};
    }
    const auto free = rooms.blobs.free_bytes();
    if (free && *free < size + disk_reserve) {
        throw Error{Errc::storage_full, "the server's disk is full; try again later"};
    }
}

} // namespace mp3conv::api
