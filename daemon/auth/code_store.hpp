#pragma once

#include <chrono>
#include <string>

#include "common/units.hpp"

namespace mp3conv::auth {

/// How many letters with a code an address gets, whoever asks for them and however often.
struct LetterAllowance {
    int letters;
    std::chrono::seconds per;
};

/// A code that is good once. Its letter carries it; the rows keep its hash.
struct NewCode {
    std::string email; ///< as normalize_email made it
    std::string code;
    std::string hash;
    Time expires_at;
    LetterAllowance allowance;
};

enum class Waiting {
    code_sent,
    email_taken,      ///< by an account whose address is verified
    too_many_letters, ///< nothing is changed
};

/// One-time codes that go out by mail, each with what it is good for. A code replaces the one
/// before it, and its letter the one that is not out yet. Every change is durable when the call
/// returns. Any thread may call. All throw Error{busy} where the database cannot be had.
class CodeStore {
public:
    virtual ~CodeStore() = default;

    /// Makes an account that waits for its address to be verified, and leaves a letter with the
    /// code, in one transaction. An account that waits already gets this password: only the last
    /// code is good, and it goes with the last password.
    virtual Waiting register_unverified(const NewCode &code, const std::string &password_hash) = 0;

    /// The address is its account's from now on. @return false for a code that is not good.
    virtual bool verify(const std::string &email, const std::string &code_hash) = 0;

    /// Leaves a letter with a code for a new password where the e-mail has an account that may log
    /// in. Where it has none, and beyond the allowance, it does the same work, and nothing shows.
    virtual void begin_reset(const NewCode &code) = 0;

    /// Sets the password and ends all sessions. @return false, and nothing is changed, for a code
    /// that is not good.
    virtual bool reset(const std::string &email, const std::string &code_hash,
                       const std::string &password_hash) = 0;

    /// Drops what ran out and counts no more; accounts, too, that waited for their address to be
    /// verified since before then.
    virtual void sweep(Time unverified_since) = 0;
};

} // namespace mp3conv::auth
