#pragma once

#include <string>
#include <vector>

#include "common/units.hpp"

namespace mp3conv::auth {

/// A code that makes one account, as the administrator sees it.
struct Invite {
    int64_t id = 0;
    std::string note; ///< for whom it is; the administrator's own words
    Time created_at;
    Time expires_at;
    std::string used_by; ///< e-mail of the account that it made; empty for none that is there
    bool is_used = false;
};

enum class Redemption { done, not_good, email_taken };

/// Invites, by the hash of their code. Every change is durable when the call returns. Any thread
/// may call. All throw Error{busy} where the database cannot be had.
class InviteStore {
public:
    virtual ~InviteStore() = default;

    /// @return its ID.
    virtual int64_t create(const std::string &code_hash, const std::string &note,
                           Time expires_at) = 0;

    /// @return all of them, the oldest first.
    virtual std::vector<Invite> list() = 0;

    /// Takes one back that was not used. @return false where there is none.
    virtual bool revoke(int64_t id) = 0;

    /// @return whether it would make an account now.
    virtual bool is_good(const std::string &code_hash) = 0;

    /// Uses an invite up and makes a verified account, in one transaction: of two who come with the
    /// same, one gets in.
    virtual Redemption redeem(const std::string &code_hash, const std::string &email,
                              const std::string &password_hash) = 0;

    /// Forgets invites that were used, or ran out, before then. @return how many.
    virtual size_t forget(Time ended_before) = 0;
};

} // namespace mp3conv::auth
