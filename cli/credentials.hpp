#pragma once

#include <optional>
#include <string>

namespace mp3conv::cli {

/// Tokens that `login` left in credentials.json of config_dir(), by server.
struct Credential {
    std::string email;
    std::string token;
};

/// @return what to show to that server: MP3CONV_TOKEN, else the file that MP3CONV_TOKEN_FILE names,
///         else what `login` left. @throws Error{not_logged_in}, Error{local_file}.
std::string find_token(const std::string &server);

/// Keeps it, 0600, beside those of other servers. @throws Error{local_file}.
void keep_credential(const std::string &server, const Credential &credential);

/// Forgets that token; another one of the same server stays. @throws Error{local_file}.
void forget_credential(const std::string &server, const std::string &token);

} // namespace mp3conv::cli
