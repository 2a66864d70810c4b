#include "daemon/remove_account.hpp"

namespace mp3conv {

void remove_account(const AccountRooms &rooms, system::UserId user) {
    rooms.users.set_disabled(user, true); // nothing new comes in
    for (const auto &blob : rooms.files.remove_all(user)) rooms.blobs.remove(blob);
    rooms.users.remove(user);
}

} // namespace mp3conv
