#pragma once

#include <string>
#include <string_view>

namespace mp3conv::auth {

/// @return the address in lower case, as accounts are kept under it.
/// @throws Error{invalid_option} for what a mail server would not take, or what is not ASCII.
std::string normalize_email(std::string_view email);

} // namespace mp3conv::auth
