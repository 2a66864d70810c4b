#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::auth {

struct User {
    system::UserId id{};
    std::string email;         ///< as normalize_email made it
    std::string password_hash; ///< as hash_password made it
    bool disabled = false;
    bool verified = true; ///< whether it is known that the e-mail is its owner's
    Time created_at;
};

/// Accounts. Every change is durable when the call returns. Any thread may call. All throw
/// Error{busy} where the database cannot be had.
class UserStore {
public:
    virtual ~UserStore() = default;

    /// Makes a verified account, or makes one of an account that waits to be verified.
    /// @return nullopt when the e-mail has an account already.
    virtual std::optional<system::UserId> add(const std::string &email,
                                              const std::string &password_hash) = 0;

    virtual std::optional<User> find(const std::string &email) = 0;
    virtual std::optional<User> find(system::UserId id) = 0;

    /// @return all accounts, by e-mail.
    virtual std::vector<User> list() = 0;

    /// Ends all of its sessions, too.
    virtual void set_password(system::UserId id, const std::string &password_hash) = 0;
    /// Ends the sessions without a name, too, but for `kept`.
    virtual void change_password(system::UserId id, const std::string &password_hash,
                                 const std::string &kept) = 0;
    virtual void set_verified(system::UserId id) = 0;
    virtual void set_disabled(system::UserId id, bool disabled) = 0;

    /// Removes the account with its sessions, files and letters.
    virtual void remove(system::UserId id) = 0;
};

} // namespace mp3conv::auth
