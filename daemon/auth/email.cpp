#include "daemon/auth/email.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

namespace mp3conv::auth {
namespace {

constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyz0123456789";

bool is_local_part(std::string_view local) {
    // RFC 5321's dot-string; quoted strings are legal and unused.
    const std::string allowed = std::string{letters_and_digits} + "!#$%&'*+-/=?^_`{|}~.";
    return !local.empty() && local.size() <= 64 &&
           local.find_first_not_of(allowed) == std::string_view::npos && local.front() != '.' &&
           local.back() != '.' && local.find("..") == std::string_view::npos;
}

bool is_domain(std::string_view domain) {
    const std::string allowed = std::string{letters_and_digits} + "-.";
    return !domain.empty() && domain.find_first_not_of(allowed) == std::string_view::npos &&
           domain.front() != '.' && domain.front() != '-' && domain.back() != '.' &&
           domain.back() != '-' && domain.find("..") == std::string_view::npos;
}

} // namespace

std::string normalize_email(std::string_view email) {
    constexpr size_t longest = 254; // RFC 5321's path, without its brackets
    const std::string lower = ascii_lower(trim(email));
    const size_t at = lower.find('@');
    const bool valid = lower.size() <= longest && at != std::string::npos &&
                       is_local_part(lower.substr(0, at)) && is_domain(lower.substr(at + 1));
    if (!valid) {
        throw Error{Errc::invalid_option, "the e-mail address is not one; write it as name@host"};
    }
    return lower;
}

} // namespace mp3conv::auth
