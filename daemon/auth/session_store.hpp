#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::auth {

/// What makes a signed token live; the token carries its ID as `jti`.
struct Session {
    std::string id;
    system::UserId user{};
    Time expires_at;
    std::string name{}; ///< of a token that its owner made; empty for a login
    Time created_at{};
};

/// Sessions. Every change is durable when the call returns. Any thread may call. All throw
/// Error{busy} where the database cannot be had.
class SessionStore {
public:
    virtual ~SessionStore() = default;

    virtual void begin(const Session &session) = 0;

    /// @return whose session that is; nullopt when it ended, ran out, never was, or its user is
    ///         disabled.
    virtual std::optional<system::UserId> user_of(const std::string &id) = 0;

    /// @return whether it has not ended and its user is not disabled, be its time over or not.
    virtual bool is_allowed(const std::string &id) = 0;

    virtual void end(const std::string &id) = 0;

    /// @return the user's sessions that have a name, oldest first.
    virtual std::vector<Session> named(system::UserId user) = 0;
    /// @return false where the user has no such session with a name.
    virtual bool end_named(system::UserId user, const std::string &id) = 0;

    virtual void end_all(system::UserId user) = 0;

    /// Forgets those that ran out.
    virtual void sweep() = 0;
};

} // namespace mp3conv::auth
