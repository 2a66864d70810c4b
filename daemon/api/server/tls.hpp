#pragma once

#include <filesystem>
#include <memory>
#include <openssl/ssl.h>

#include "daemon/api/server/transport.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::api::server {

/// The certificate and key with which the server shows who it is. Any thread may call.
class Tls {
public:
    /// @param certificate PEM, with the intermediate ones behind it. @param key PEM.
    /// @throws Error{usage} naming the file that cannot be used.
    Tls(std::filesystem::path certificate, std::filesystem::path key);

    /// Reads both files anew, for connections from here on.
    /// @throws as the constructor; what was read before stays in use.
    void reload();

    /// @return the server's side of a TLS session on that socket.
    Ssl session(int socket);

private:
    std::filesystem::path certificate_;
    std::filesystem::path key_;
    system::Guarded<std::shared_ptr<SSL_CTX>> context_;
};

} // namespace mp3conv::api::server
