#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/auth/allowance.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::auth {

/// What attempts are counted of.
struct Subject {
    std::string email;   ///< as normalize_email made it; empty: whatever the account
    std::string network; ///< where clients come from; empty: wherever
    Allowance allowance;
};

/// Attempts to get in, and where accounts were got into before. Every change is durable when the
/// call returns. Any thread may call. All throw Error{busy} where the database cannot be had.
class AttemptStore {
public:
    static constexpr std::chrono::days place_is_known{90}; ///< since it was last got in from there

    virtual ~AttemptStore() = default;

    /// Counts an attempt of every subject at once, or of none: of two at the same time for whom
    /// there is one left, one goes through.
    /// @return 0 where it may go through, and is counted; else how long it has to wait.
    virtual std::chrono::milliseconds begin(const std::vector<Subject> &subjects) = 0;

    /// An attempt that was begun does not count.
    virtual void take_back(const std::vector<Subject> &subjects) = 0;

    /// No attempt at this account counts any more, wherever it came from.
    virtual void clear(const std::string &email) = 0;

    /// Keeps in mind for a while that the account was got into from there.
    virtual void remember(system::UserId user, const std::string &network) = 0;
    virtual bool is_known(const std::string &email, const std::string &network) = 0;

    /// Drops what is forgiven, and what was kept in mind long enough.
    virtual void sweep() = 0;
};

} // namespace mp3conv::auth
