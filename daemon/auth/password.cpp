#include "daemon/auth/password.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string_view>

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "daemon/system/gate.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::auth {
namespace {

constexpr int log2_n = 17;
constexpr uint64_t r = 8;
constexpr uint64_t p = 1;
constexpr size_t salt_bytes = 16;
constexpr size_t hash_bytes = 32;
// scrypt's own need is 128·N·r + 128·r·p bytes (RFC 7914); OpenSSL refuses above this limit.
constexpr uint64_t memory_limit = (128ULL << log2_n) * r + (1 << 20);

constexpr std::chrono::seconds time_of_all_waiting{3};
system::Gate scrypts{2, 16};

std::string scrypt_hex(const std::string &password, const std::string &salt) {
    const auto pass = scrypts.enter();
    if (!pass) {
        throw Error{Errc::busy,
                    "too many passwords are being checked; try again in a moment",
                    {},
                    time_of_all_waiting};
    }
    std::array<unsigned char, hash_bytes> hash{};
    const int ok = EVP_PBE_scrypt(password.data(), password.size(),
                                  reinterpret_cast<const unsigned char *>(salt.data()), salt.size(),
                                  1ULL << log2_n, r, p, memory_limit, hash.data(), hash.size());
    if (ok != 1) throw Error{Errc::busy, "no memory for a password check; try again"};
    return to_hex({reinterpret_cast<const char *>(hash.data()), hash.size()});
}

constexpr std::string_view prefix = "$scrypt$ln=17,r=8,p=1$";

} // namespace

std::string hash_password(const std::string &password) {
    const std::string salt = to_hex(system::random_bytes(salt_bytes));
    return std::string{prefix} + salt + "$" + scrypt_hex(password, salt);
}

bool verify_password(const std::string &password, const std::string &hash) {
    const size_t expected = prefix.size() + 2 * salt_bytes + 1 + 2 * hash_bytes;
    if (hash.rfind(prefix, 0) != 0 || hash.size() != expected) {
        throw Error{Errc::internal, "a stored password hash is of an unknown kind"};
    }
    const std::string salt = hash.substr(prefix.size(), 2 * salt_bytes);
    const std::string computed = scrypt_hex(password, salt);
    return CRYPTO_memcmp(computed.data(), hash.data() + hash.size() - computed.size(),
                         computed.size()) == 0;
}

bool verify_nobody(const std::string &password) {
    scrypt_hex(password, std::string(2 * salt_bytes, '0'));
    return false;
}

void check_password(const std::string &password) {
    constexpr size_t shortest = 8; // NIST SP 800-63B
    constexpr size_t longest = 1024;
    if (password.size() < shortest || password.size() > longest) {
        throw Error{Errc::invalid_option, "the password must have 8 to 1024 bytes; choose another"};
    }
}

} // namespace mp3conv::auth
