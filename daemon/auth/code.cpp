#include "daemon/auth/code.hpp"

#include "common/sha256.hpp"
#include "common/text.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::auth {
namespace {

constexpr size_t code_length = 10;

char meant_by(char c) {
    if (c == 'o') return '0';
    return c == 'i' || c == 'l' ? '1' : c;
}

} // namespace

std::string make_code() {
    return system::random_id(code_length);
}

std::string normalize_code(std::string_view typed) {
    std::string code;
    for (const char c : ascii_lower(typed)) {
        if (c != ' ' && c != '-') code += meant_by(c);
    }
    return code;
}

std::string hash_code(const std::string &code) {
    Sha256 hash;
    hash.update(code);
    return hash.finish();
}

} // namespace mp3conv::auth
