#include "daemon/api/server/listener.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
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
#include "daemon/system/network.hpp"
#include "daemon/system/service_manager.hpp"

namespace mp3conv::api::server {
namespace {

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

Listener listen_at_path(const std::string &path) {
    const std::string text = system::unix_address(path);
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

[[noreturn]] void refuse_handed_over(const std::string &why) {
    throw Error{Errc::usage, "the service manager " + why};
}

bool is_listening(int socket) {
    int listens = 0;
    socklen_t size = sizeof listens;
    return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

/// @return "unix:PATH"; empty for a socket that has no path, or is none of Unix.
std::string path_of(int socket) {
    sockaddr_un own{};
    socklen_t size = sizeof own - 1; // so that a zero ends the path
    ::getsockname(socket, reinterpret_cast<sockaddr *>(&own), &size);
    const bool has_path = own.sun_family == AF_UNIX && own.sun_path[0] != '\0';
    return has_path ? system::unix_address(own.sun_path) : std::string{};
}

std::string address_of(int socket) {
    std::string host;
    int port = 0;
    describe_own(socket, host, port);
    if (port == 0) return path_of(socket);
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

} // namespace

std::optional<Listener> take_handed_over() {
    auto sockets = system::service_manager::take_sockets();
    if (sockets.empty()) return std::nullopt;
    if (sockets.size() > 1) {
        refuse_handed_over("hands over " + std::to_string(sockets.size()) +
                           " sockets, and mp3convd serves one; leave one ListenStream");
    }
    Fd &socket = sockets.front();
    if (!is_listening(socket.get())) {
        refuse_handed_over("hands over a socket that does not listen; it needs ListenStream, and "
                           "Accept=no");
    }
    std::string address = address_of(socket.get());
    if (address.empty()) {
        refuse_handed_over("hands over a socket that is neither a port's nor a file; set "
                           "ListenStream to ADDRESS:PORT or a path");
    }
    ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    return Listener{std::move(socket), std::move(address)};
}

Listener listen_at(const std::string &address) {
    const auto path = system::unix_path(address);
    return path ? listen_at_path(*path) : listen_at_port(address);
}

} // namespace mp3conv::api::server
