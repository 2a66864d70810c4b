#pragma once

#include "daemon/api/rooms.hpp"

namespace mp3conv::api {

/// Refuses, before the first byte of an upload, what could not be kept.
///
/// @param size of the upload in bytes; 0 where the client does not say.
/// @throws Error{busy} while the server stops, {too_large}, {over_quota}, {storage_full}.
void admit(Rooms &rooms, system::UserId user, uint64_t size);

} // namespace mp3conv::api
