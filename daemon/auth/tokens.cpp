#include "daemon/auth/tokens.hpp"

#include <algorithm>
#include <cstdlib>
#include <jwt.h>
#include <memory>
#include <sstream>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/sha256.hpp"
#include "common/text.hpp"
#include "daemon/system/random.hpp"
#include "daemon/system/service_manager.hpp"

namespace mp3conv::auth {
namespace {

constexpr const char *login_issuer = "mp3convd";
constexpr const char *link_issuer =
    "mp3convd/link"; // which versions before links take for a stranger

struct FreeJwt {
    void operator()(jwt_t *jwt) const noexcept { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, FreeJwt>;

struct FreeText {
    void operator()(char *text) const noexcept { std::free(text); }
};

const unsigned char *bytes(const std::string &text) {
    return reinterpret_cast<const unsigned char *>(text.data());
}

long unix_seconds(Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Time from_unix(long seconds) {
    constexpr long longest =
        253'402'300'799; // the end of the year 9999: what a time can be told as
    return Time{std::chrono::seconds{std::clamp(seconds, 0L, longest)}};
}

/// @return the token, with its signature verified under that secret.
Jwt decode(const std::string &token, const std::string &secret) {
    jwt_t *raw = nullptr;
    if (jwt_decode(&raw, token.c_str(), bytes(secret), static_cast<int>(secret.size())) != 0) {
        return nullptr;
    }
    Jwt jwt{raw};
    return jwt_get_alg(raw) == JWT_ALG_HS256 ? std::move(jwt) : nullptr;
}

std::string text_of(const char *grant) {
    return grant == nullptr ? std::string{} : grant;
}

/// @return nullopt where they are somebody else's.
std::optional<Claims> read_claims(jwt_t *jwt, const char *issuer) {
    const char *iss = jwt_get_grant(jwt, "iss");
    const char *sub = jwt_get_grant(jwt, "sub");
    const char *jti = jwt_get_grant(jwt, "jti");
    if (iss == nullptr || sub == nullptr || jti == nullptr || std::string_view{iss} != issuer) {
        return std::nullopt;
    }
    const auto user = parse_number(sub);
    if (!user || *user > INT64_MAX) return std::nullopt;
    return Claims{system::UserId{static_cast<int64_t>(*user)}, jti,
                  from_unix(jwt_get_grant_int(jwt, "iat")),
                  from_unix(jwt_get_grant_int(jwt, "exp")), text_of(jwt_get_grant(jwt, "file"))};
}

} // namespace

Tokens::Tokens(std::vector<std::string> secrets) : secrets_{std::move(secrets)} {
    constexpr size_t shortest = 32; // RFC 7518, 3.2: at least as long as the hash
    if (secrets_.empty()) throw Error{Errc::usage, "jwt-secret-file: holds no secret"};
    for (const auto &secret : secrets_) {
        if (secret.size() < shortest) {
            throw Error{Errc::usage, "jwt-secret-file: a secret is shorter than 32 bytes; make one "
                                     "with: openssl rand -hex 32"};
        }
    }
}

std::string Tokens::sign(const Claims &claims) const {
    jwt_t *raw = nullptr;
    if (jwt_new(&raw) != 0) throw Error{Errc::internal, "cannot make a token"};
    const Jwt jwt{raw};
    const std::string &secret = secrets_.front();
    const std::string user = std::to_string(static_cast<int64_t>(claims.user));
    const char *issuer = claims.file.empty() ? login_issuer : link_issuer;
    const bool made =
        jwt_add_grant(raw, "iss", issuer) == 0 &&
        (claims.file.empty() || jwt_add_grant(raw, "file", claims.file.c_str()) == 0) &&
        jwt_add_grant(raw, "sub", user.c_str()) == 0 &&
        jwt_add_grant(raw, "jti", claims.session.c_str()) == 0 &&
        jwt_add_grant_int(raw, "iat", unix_seconds(claims.issued_at)) == 0 &&
        jwt_add_grant_int(raw, "exp", unix_seconds(claims.expires_at)) == 0 &&
        jwt_set_alg(raw, JWT_ALG_HS256, bytes(secret), static_cast<int>(secret.size())) == 0;
    const std::unique_ptr<char, FreeText> text{made ? jwt_encode_str(raw) : nullptr};
    if (!text) throw Error{Errc::internal, "cannot sign a token"};
    return text.get();
}

std::optional<Claims> Tokens::verify(const std::string &token, Time now) const {
    const auto claims = read(token, login_issuer);
    return claims && claims->expires_at > now ? claims : std::nullopt;
}

std::optional<Claims> Tokens::verify_link(const std::string &link, Time now,
                                          const std::string &file) const {
    const auto claims = read(link, link_issuer);
    return claims && claims->expires_at > now && claims->file == file ? claims : std::nullopt;
}

std::optional<Claims> Tokens::read(const std::string &token, const char *issuer) const {
    constexpr size_t longest = 2048; // ours have about 250
    if (token.size() > longest) return std::nullopt;
    for (const auto &secret : secrets_) {
        const Jwt jwt = decode(token, secret);
        if (jwt) return read_claims(jwt.get(), issuer);
    }
    return std::nullopt;
}

std::vector<std::string> load_secrets(const std::filesystem::path &file) {
    namespace fs = std::filesystem;
    if (!fs::exists(file)) {
        AtomicFile fresh{file, 0600};
        fresh.write(to_hex(system::random_bytes(32)) + "\n");
        fresh.commit();
    }
    const fs::perms open_to_others = fs::perms::group_all | fs::perms::others_all;
    if (!system::service_manager::is_credential(file) &&
        (fs::status(file).permissions() & open_to_others) != fs::perms::none) {
        throw Error{Errc::usage, file.string() + ": others may read the secret; run: chmod 600 " +
                                     file.string()};
    }
    std::vector<std::string> secrets;
    std::istringstream lines{read_small_file(file)};
    for (std::string line; std::getline(lines, line);) {
        if (const auto secret = trim(line); !secret.empty()) secrets.emplace_back(secret);
    }
    return secrets;
}

} // namespace mp3conv::auth
