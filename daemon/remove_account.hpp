#pragma once

#include "daemon/auth/user_store.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/storage/blob_store.hpp"

namespace mp3conv {

/// What an account leaves behind in.
struct AccountRooms {
    auth::UserStore &users;
    queue::Files &files;
    storage::BlobStore &blobs;
};

/// Removes an account with its sessions, files and letters, rows and bytes at once. A conversion
/// that runs for it comes to nothing. Who dies in between leaves an account that is disabled and
/// can be removed again. Any thread may call.
/// @throws Error{busy} where the database cannot be had.
void remove_account(const AccountRooms &rooms, system::UserId user);

} // namespace mp3conv
