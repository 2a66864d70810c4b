#include "daemon/system/random.hpp"

#include <openssl/rand.h>
#include <string_view>

#include "common/error.hpp"

namespace mp3conv::system {

std::string random_bytes(size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char *>(bytes.data()), static_cast<int>(count)) != 1) {
        throw Error{Errc::internal, "no random numbers to be had from the operating system"};
    }
    return bytes;
}

std::string random_id(size_t length) {
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string id = random_bytes(length);
    for (char &c : id) c = alphabet[static_cast<unsigned char>(c) % alphabet.size()];
    return id;
}

} // namespace mp3conv::system
