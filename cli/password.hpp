#pragma once

#include <string>

#include "cli/globals.hpp"

namespace mp3conv::cli {

enum class Asking { once, twice };

/// @param file its first line is the password, "-" is standard input; where it is empty the
///        terminal is asked, without echo, `twice` for a new password.
/// @throws Error{local_file}; Error{usage} where nobody can be asked or the two differ;
///         Error{interrupted}.
/// @param prompt what it is, "Password".
std::string read_password(const Globals &globals, const std::string &file, Asking asking,
                          const std::string &prompt = "Password");

/// @return what somebody at the terminal answers; empty where standard input is none, or nobody may
///         be asked.
std::string ask_on_terminal(const Globals &globals, const std::string &prompt);

} // namespace mp3conv::cli
