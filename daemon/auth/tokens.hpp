#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::auth {

/// What a token says; `iss` is ours, and tells a link from a login.
struct Claims {
    system::UserId user{}; ///< sub
    std::string session;   ///< jti
    Time issued_at;        ///< iat, whole seconds
    Time expires_at;       ///< exp, whole seconds
    std::string file{}; ///< the one that it opens, as a link does; empty: all that are the user's
};

/// Signs and verifies JWTs (RFC 7519) with HS256, and nothing else. Any thread may call.
class Tokens {
public:
    /// @param secrets the first signs, all verify; none may be shorter than 32 bytes.
    /// @throws Error{usage} where there is none, or one that is too short.
    explicit Tokens(std::vector<std::string> secrets);

    std::string sign(const Claims &claims) const;

    /// @return nullopt for what is not whole, not ours, signed otherwise or expired at `now`, and
    /// for
    ///         a link.
    std::optional<Claims> verify(const std::string &token, Time now) const;
    /// @return nullopt as above, and for what is no link to that file.
    std::optional<Claims> verify_link(const std::string &link, Time now,
                                      const std::string &file) const;

private:
    std::optional<Claims> read(const std::string &token, const char *issuer) const;

    std::vector<std::string> secrets_;
};

/// @return the lines of the file, which is made with one random secret, mode 0600, where it is
/// absent.
/// @throws Error{usage} where others may read it; Error{local_file}.
std::vector<std::string> load_secrets(const std::filesystem::path &file);

} // namespace mp3conv::auth
