#pragma once

#include <chrono>
#include <cstdint>
#include <httplib.h>
#include <string>
#include <vector>

namespace mp3conv::api {

/// One client's socket, as cpp-httplib's server reads and writes it. It knows what the library does
/// not: whether the body of the present request has been read to its end. One thread at a time.
class Connection final : public httplib::Stream {
public:
    /// @param stop_fd becomes readable when the server stops; idle connections end then.
    Connection(int socket, int stop_fd);

    /// @return whether a request, or a part of one, is there before `patience` is over.
    bool wait_for_request(std::chrono::milliseconds patience);

    /// Called before a request is read: until its headers are understood, what follows cannot be.
    void expect_request() { body_left_ = UINT64_MAX; }

    /// Called when a request's headers are read: looks at how its body is framed. A client that
    /// waits for "100 Continue" gets it when the body is asked for, so never before a refusal.
    void begin_body(httplib::Request &request);

    /// Bytes of the present request are still to come, or may be: the next request cannot be told
    /// from them, so the connection must end. A chunked body counts as such always.
    bool body_is_unread() const;

    /// When the present request's headers were read.
    std::chrono::steady_clock::time_point request_began() const { return began_; }

    /// Ends the body that is being read, as if the client had broken off. Any thread may call.
    void break_off() const;

    /// Tells the client that nothing more comes, then reads what it still sends for a moment:
    /// closing at once would reset the connection and could destroy the answer before it is read.
    void linger();

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char *buffer, size_t size) override;
    ssize_t write(const char *bytes, size_t size) override;
    void get_remote_ip_and_port(std::string &ip, int &port) const override;
    void get_local_ip_and_port(std::string &ip, int &port) const override;
    int socket() const override { return socket_; }

private:
    bool fill();

    int socket_;
    int stop_fd_;
    std::vector<char> buffer_;
    size_t begin_ = 0;
    size_t end_ = 0;
    uint64_t body_left_ = 0;
    bool body_is_chunked_ = false;
    bool owes_continue_ = false;
    std::chrono::steady_clock::time_point began_;
};

/// @return why the request's framing cannot be trusted (RFC 9112, 6.3); empty when it can.
std::string framing_fault(const httplib::Request &request);

} // namespace mp3conv::api
