#pragma once

#include "daemon/api/rooms.hpp"

namespace mp3conv::api {

/// A file of its own, and what of it is known: its bytes, 0 where the client does not say.
constexpr queue::Usage one_file(uint64_t bytes) {
    return {.bytes = bytes, .files = 1, .active = 1, .uploads_today = 1};
}

/// @return what a user may use: what was set for that one, else the settings.
queue::Limits limits_of(Rooms &rooms, system::UserId user);

/// Refuses, before the first byte of an upload, what could not be kept.
///
/// @param more what the user would use besides what is there.
/// @return the user's limits, for the transaction that makes the file.
/// @throws Error{busy} while the server stops, {too_large}, {storage_full}; as
///         queue::require_within.
queue::Limits admit(Rooms &rooms, system::UserId user, const queue::Usage &more);

} // namespace mp3conv::api
