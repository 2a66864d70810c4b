#include "common/sha256.hpp"

#include <array>
#include <openssl/evp.h>
#include <unistd.h>
#include <vector>

#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv {

void Sha256::Free::operator()(evp_md_ctx_st *context) const noexcept {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
        throw Error{Errc::internal, "SHA-256 is not available"};
    }
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    return to_hex({reinterpret_cast<const char *>(digest.data()), size});
}

std::string sha256_of_file(int fd) {
    Sha256 hash;
    std::vector<char> buffer(1 << 18);
    off_t offset = 0;
    while (true) {
        const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error{Errc::local_file, "cannot read a file back", errno_text()};
        if (got == 0) return hash.finish();
        hash.update({buffer.data(), static_cast<size_t>(got)});
        offset += got;
    }
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const unsigned char byte : bytes) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

} // namespace mp3conv
