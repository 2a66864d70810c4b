#include "daemon/api/server/transport.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <climits>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include "daemon/system/counts.hpp"

namespace mp3conv::api::server {
namespace {

void describe(const sockaddr_storage &address, std::string &ip, int &port) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto &v4 = reinterpret_cast<const sockaddr_in &>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        port = ntohs(v4.sin_port);
    } else if (address.ss_family == AF_INET6) {
        const auto &v6 = reinterpret_cast<const sockaddr_in6 &>(address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        port = ntohs(v6.sin6_port);
    }
    ip = text.data();
}

/// @return the same.
ssize_t count(system::metrics::Counter &bytes, ssize_t result) {
    if (result > 0) bytes.add(static_cast<double>(result));
    return result;
}

system::metrics::Counter &received() {
    static auto &bytes = system::counts().received_bytes.only();
    return bytes;
}

system::metrics::Counter &sent() {
    static auto &bytes = system::counts().sent_bytes.only();
    return bytes;
}

int as_int(size_t size) {
    return static_cast<int>(std::min<size_t>(size, INT_MAX));
}

} // namespace

ssize_t Transport::settle(ssize_t result, short wants) {
    wants_ = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? wants : short{0};
    return result;
}

ssize_t Transport::settle_ssl(int result) {
    wants_ = 0;
    if (result > 0) return result;
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        wants_ = POLLIN;
        return -1;
    case SSL_ERROR_WANT_WRITE:
        wants_ = POLLOUT;
        return -1;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        return -1;
    }
}

ssize_t Transport::read(char *buffer, size_t size) {
    if (ssl_) {
        ERR_clear_error(); // SSL_get_error would take an older one for this call's
        return count(received(), settle_ssl(SSL_read(ssl_.get(), buffer, as_int(size))));
    }
    ssize_t got = 0;
    do {
        got = ::recv(socket_.get(), buffer, size, 0);
    } while (got < 0 && errno == EINTR);
    return count(received(), settle(got, POLLIN));
}

ssize_t Transport::write(const char *bytes, size_t size) {
    if (ssl_) {
        ERR_clear_error();
        const ssize_t gone = settle_ssl(SSL_write(ssl_.get(), bytes, as_int(size)));
        return gone == 0 ? -1 : count(sent(), gone);
    }
    ssize_t gone = 0;
    do {
        gone = ::send(socket_.get(), bytes, size, MSG_NOSIGNAL);
    } while (gone < 0 && errno == EINTR);
    return count(sent(), settle(gone, POLLOUT));
}

void Transport::end_writing() {
    if (ssl_) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
    }
    ::shutdown(socket_.get(), SHUT_WR);
}

void Transport::break_reading() const {
    ::shutdown(socket_.get(), SHUT_RD);
}

void Transport::cut() const {
    ::shutdown(socket_.get(), SHUT_RDWR);
}

void describe_peer(int socket, std::string &ip, int &port) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getpeername(socket, reinterpret_cast<sockaddr *>(&address), &size);
    describe(address, ip, port);
}

void describe_own(int socket, std::string &ip, int &port) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size);
    describe(address, ip, port);
}

} // namespace mp3conv::api::server
