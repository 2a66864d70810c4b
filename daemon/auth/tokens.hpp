#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::auth {

/// What a token says; `iss` is always ours.
struct Claims {
    system::UserId user{}; ///< sub
    std::string session;   ///< jti
    Time issued_at;        ///< iat, whole seconds
    Time expires_at;       ///< exp, whole seconds
};

/// Signs and verifies JWTs (RFC 7519) with HS256, and nothing else. Any thread may call.
class Tokens {
public:
    /// @param secrets the first signs, all verify; none may be shorter than 32 bytes.
    /// @throws Error{usage} where there is none, or one that is too short.
    explicit Tokens(std::vector<std::string> secrets);

    std::string sign(const Claims &claims) const;

    /// @return nullopt for what is not whole, not ours, signed otherwise or expired at `now`.
    std::optional<Claims> verify(const std::string &token, Time now) const;

private:
    std::vector<std::string> secrets_;
};

/// @return the lines of the file, which is made with one random secret, mode 0600, where it is
/// absent.
/// @throws Error{usage} where others may read it; Error{local_file}.
std::vector<std::string> load_secrets(const std::filesystem::path &file);

} // namespace mp3conv::auth
