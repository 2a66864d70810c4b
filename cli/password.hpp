#pragma once

#include <string>

#include "cli/globals.hpp"

namespace mp3conv::cli {

enum class Asking { once, twice };

/// @param file its first line is the password, "-" is standard input; where it is empty the
///        terminal is asked, without echo, `twice` for a new password.
/// @throws Error{local_file}; Error{usage} where nobody can be asked or the two differ;
///         Error{interrupted}.
std::string read_password(const Globals &globals, const std::string &file, Asking asking);

} // namespace mp3conv::cli
