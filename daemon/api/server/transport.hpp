#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <sys/types.h>

#include "common/fd.hpp"

namespace mp3conv::api::server {

struct FreeSsl {
    void operator()(SSL *ssl) const noexcept { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;

/// Bytes to and from one client, in the clear or through TLS. Never waits. One thread at a time.
class Transport {
public:
    /// @param socket must not block. @param ssl of that socket; nullptr for bytes in the clear.
    Transport(Fd socket, Ssl ssl) : socket_{std::move(socket)}, ssl_{std::move(ssl)} {}

    /// @return bytes; 0 when nothing comes any more; -1 when it would have to wait for `wants()`,
    ///         or, where that is 0, when the line is broken.
    ssize_t read(char *buffer, size_t size);
    /// @return as `read` does, but never 0.
    ssize_t write(const char *bytes, size_t size);

    /// @return POLLIN or POLLOUT, which the last call was short of; 0 for neither.
    short wants() const { return wants_; }

    /// Says that nothing more will be written.
    void end_writing();

    /// Ends reading, or everything, at once; what another thread waits for in poll comes back. Any
    /// thread may call.
    void break_reading() const;
    void cut() const;

    int socket() const { return socket_.get(); }

private:
    ssize_t settle(ssize_t result, short wants);
    ssize_t settle_ssl(int result);

    Fd socket_;
    Ssl ssl_;
    short wants_ = 0;
};

/// Sets the address and port at either end of a socket; an empty address and port 0 for a Unix
/// socket.
void describe_peer(int socket, std::string &address, int &port);
void describe_own(int socket, std::string &address, int &port);

} // namespace mp3conv::api::server
