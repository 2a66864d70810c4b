#pragma once

#include "cli/client.hpp"
#include "cli/credentials.hpp"
#include "cli/globals.hpp"
#include "cli/http.hpp"

namespace mp3conv::cli {

/// What a command needs that talks to the server as somebody.
struct Session {
    /// @throws Error{not_logged_in}, Error{local_file}.
    explicit Session(const Globals &given) :
        globals{given},
        http{given},
        token{find_token(given.server)},
        client{http, token} {}

    const Globals &globals;
    Http http;
    std::string token;
    Client client;
};

} // namespace mp3conv::cli
