#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace mp3conv {

/// SHA-256 of bytes as they pass.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void update(std::string_view bytes);

    /// @return 64 lower-case hex digits; the object is used up.
    std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// @return the hash of a whole file, read from its start; the descriptor's position is left alone.
/// @throws Error{local_file}.
std::string sha256_of_file(int fd);

/// @return lower-case hex digits.
std::string to_hex(std::string_view bytes);

} // namespace mp3conv
