#pragma once

#include <optional>
#include <string>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::notify {

/// Where a user's programs want to be told what becomes of the user's files.
struct Webhook {
    std::string url;
    std::string key; ///< bytes that sign what goes there
    Time created_at{};
};

/// One webhook a user, or none. Every change is durable when the call returns. Any thread may call.
/// All throw Error{busy} where the database cannot be had.
class WebhookStore {
public:
    virtual ~WebhookStore() = default;

    virtual std::optional<Webhook> find(system::UserId user) = 0;

    /// Takes the place of the one that was there; what waits goes to the new one.
    virtual void set(system::UserId user, const Webhook &webhook) = 0;

    /// What waits for it is forgotten. @return false where there was none.
    virtual bool remove(system::UserId user) = 0;
};

} // namespace mp3conv::notify
