#include "daemon/api/server/listener.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/api/server/transport.hpp"

namespace mp3conv::api::server {
namespace {

constexpr std::string_view unix_scheme = "unix:";
constexpr int socket_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;

struct HostPort {
    std::string host;
    std::string port;
};

struct FreeAddresses {
    void operator()(addrinfo *list) const noexcept { ::freeaddrinfo(list); }
};

HostPort parse_address(const std::string &text) {
    const size_t colon = text.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : parse_number(text.substr(colon + 1));
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (!port || *port > 65535 || host.empty()) {
        throw Error{Errc::usage, "listen: '" + text +
                                     "' is not ADDRESS:PORT such as 127.0.0.1:8420, or unix:PATH"};
    }
    return {host, std::to_string(*port)};
}

[[noreturn]] void refuse(const std::string &address, const std::string &cause) {
    throw Error{Errc::local_file, "listen: cannot listen at " + address + ": " + cause +
                                      "; choose another with --listen"};
}

/// @return a socket bound there; none where that fails, with errno set.
Fd bind_to(const addrinfo &target) {
    Fd socket{::socket(target.ai_family, target.ai_socktype | socket_flags, target.ai_protocol)};
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    return ::bind(socket.get(), target.ai_addr, target.ai_addrlen) == 0 ? std::move(socket) : Fd{};
}

Listener listen_at_port(const std::string &text) {
    const HostPort wanted = parse_address(text);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo *found = nullptr;
    const int failed = ::getaddrinfo(wanted.host.c_str(), wanted.port.c_str(), &hints, &found);
    if (failed != 0) refuse(text, ::gai_strerror(failed));
    const std::unique_ptr<addrinfo, FreeAddresses> list{found};
    Fd socket = bind_to(*list);
    if (!socket || ::listen(socket.get(), SOMAXCONN) != 0) refuse(text, errno_text());
    std::string own;
    int port = 0;
    describe_own(socket.get(), own, port);
    return {std::move(socket), text.substr(0, text.rfind(':') + 1) + std::to_string(port)};
}

/// A socket's file outlives whoever made it. It may go where nobody answers behind it.
void remove_if_dead(const sockaddr_un &target) {
    const Fd probe{::socket(AF_UNIX, SOCK_STREAM | socket_flags, 0)};
    const auto *address = reinterpret_cast<const sockaddr *>(&target);
    if (::connect(probe.get(), address, sizeof target) != 0 && errno == ECONNREFUSED) {
        ::unlink(target.sun_path);
    }
}

Listener listen_at_path(const std::string &text) {
    const std::string path = text.substr(unix_scheme.size());
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof target.sun_path) {
        throw Error{Errc::usage, "listen: '" + text + "' needs a path of 1 to 107 bytes"};
    }
    std::memcpy(target.sun_path, path.data(), path.size());
    remove_if_dead(target);
    Fd socket{::socket(AF_UNIX, SOCK_STREAM | socket_flags, 0)};
    // Who may come is for the folder to say: as with a port, everyone shows a token anyway.
    if (::bind(socket.get(), reinterpret_cast<const sockaddr *>(&target), sizeof target) != 0 ||
        ::chmod(path.c_str(), 0666) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
        refuse(text, errno_text());
    }
    return {std::move(socket), text};
}

} // namespace

Listener listen_at(const std::string &address) {
    return address.rfind(unix_scheme, 0) == 0 ? listen_at_path(address) : listen_at_port(address);
}

} // namespace mp3conv::api::server
