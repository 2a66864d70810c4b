#include "daemon/api/connection.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::api {
namespace {

using namespace std::chrono_literals;

constexpr size_t buffer_bytes = 64 << 10;
constexpr auto patience = 30s; // with a client that has stopped sending or reading
constexpr auto linger_time = 2s;

/// @return whether the socket is ready for `events` in time.
bool wait_for(int socket, short events, std::chrono::milliseconds time) {
    pollfd waiting{socket, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&waiting, 1, static_cast<int>(time.count()));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

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

bool is_chunked(const httplib::Request &request) {
    return ascii_lower(request.get_header_value("Transfer-Encoding")) == "chunked";
}

} // namespace

Connection::Connection(int socket, int stop_fd) :
    socket_{socket},
    stop_fd_{stop_fd},
    buffer_(buffer_bytes) {}

bool Connection::wait_for_request(std::chrono::milliseconds time) {
    if (begin_ < end_) return true;
    std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {stop_fd_, POLLIN, 0}}};
    const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(time.count()));
    return ready > 0 && waiting[0].revents != 0;
}

void Connection::begin_body(httplib::Request &request) {
    began_ = std::chrono::steady_clock::now();
    body_is_chunked_ = request.has_header("Transfer-Encoding");
    // Without either header there is no body; the library would read until the client hangs up.
    if (!body_is_chunked_ && !request.has_header("Content-Length")) {
        request.set_header("Content-Length", "0");
    }
    body_left_ = parse_number(request.get_header_value("Content-Length")).value_or(UINT64_MAX);
    owes_continue_ = ascii_lower(request.get_header_value("Expect")) == "100-continue";
    request.headers.erase("Expect");
}

bool Connection::body_is_unread() const {
    return body_is_chunked_ || body_left_ > 0;
}

void Connection::break_off() const {
    ::shutdown(socket_, SHUT_RD);
}

void Connection::linger() {
    ::shutdown(socket_, SHUT_WR);
    const auto end = std::chrono::steady_clock::now() + linger_time;
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left <= 0ms || !wait_for(socket_, POLLIN, left)) return;
        if (::recv(socket_, buffer_.data(), buffer_.size(), 0) <= 0) return;
    }
}

bool Connection::is_readable() const {
    return begin_ < end_ || wait_for(socket_, POLLIN, patience);
}

bool Connection::is_writable() const {
    return wait_for(socket_, POLLOUT, patience);
}

bool Connection::fill() {
    if (!wait_for(socket_, POLLIN, patience)) return false;
    ssize_t got = 0;
    do {
        got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    } while (got < 0 && errno == EINTR);
    begin_ = 0;
    end_ = got > 0 ? static_cast<size_t>(got) : 0;
    return got > 0;
}

ssize_t Connection::read(char *buffer, size_t size) {
    if (owes_continue_) {
        owes_continue_ = false;
        Stream::write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (begin_ == end_ && !fill()) return -1;
    const size_t taken = std::min(size, end_ - begin_);
    std::memcpy(buffer, buffer_.data() + begin_, taken);
    begin_ += taken;
    body_left_ -= std::min<uint64_t>(taken, body_left_);
    return static_cast<ssize_t>(taken);
}

ssize_t Connection::write(const char *bytes, size_t size) {
    size_t sent = 0;
    while (sent < size) {
        if (!is_writable()) return -1;
        const ssize_t some = ::send(socket_, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (some < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (some < 0) return -1;
        sent += static_cast<size_t>(some);
    }
    return static_cast<ssize_t>(sent);
}

void Connection::get_remote_ip_and_port(std::string &ip, int &port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getpeername(socket_, reinterpret_cast<sockaddr *>(&address), &size);
    describe(address, ip, port);
}

void Connection::get_local_ip_and_port(std::string &ip, int &port) const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &size);
    describe(address, ip, port);
}

std::string framing_fault(const httplib::Request &request) {
    const size_t lengths = request.get_header_value_count("Content-Length");
    const size_t encodings = request.get_header_value_count("Transfer-Encoding");
    if (lengths > 1 || encodings > 1) return "the body's length is given twice";
    if (lengths == 1 && encodings == 1)
        return "both Content-Length and Transfer-Encoding are given";
    if (encodings == 1 && !is_chunked(request)) return "Transfer-Encoding is not chunked";
    if (lengths == 1 && !parse_number(request.get_header_value("Content-Length"))) {
        return "Content-Length is not a number";
    }
    return {};
}

} // namespace mp3conv::api
