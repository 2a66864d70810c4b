#pragma once

#include <chrono>
#include <cstdint>
#include <httplib.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/server/chunks.hpp"
#include "daemon/api/server/head.hpp"
#include "daemon/api/server/pace.hpp"
#include "daemon/api/server/transport.hpp"

namespace mp3conv::api::server {

/// One client's connection. Between requests the event loop moves it on without ever waiting;
/// while a request is answered it is the stream that cpp-httplib reads and writes. One thread at a
/// time, but for `break_off` and `cut`.
class Connection final : public httplib::Stream {
public:
    using Clock = std::chrono::steady_clock;

    explicit Connection(Transport transport);

    // Between requests.

    enum class Step { wait, ready, end };

    /// Does what can be done without waiting: sends what is left of an answer, then reads on.
    /// @return ready when a request is there to be answered: its head, and its body too where that
    ///         is short and the client does not wait for leave to send it; end when nothing more
    ///         can come of it.
    /// @throws Error for a head that cannot be answered, as read_head does.
    Step advance();

    /// @return POLLIN or POLLOUT: after which advance() gets further.
    short wants() const;

    /// When whoever waits for it should give up.
    Clock::time_point deadline() const { return deadline_; }

    /// A request has begun, and is not answered yet.
    bool has_begun_request() const { return !closing_ && !buffer_.empty(); }

    /// Leaves bytes for the event loop to send.
    void send_later(const std::string &bytes) { unsent_ += bytes; }

    /// Something of an answer is still to be sent.
    bool has_unsent() const { return !unsent_.empty(); }

    /// Nothing more is answered: what is written already goes out, then the client gets a moment to
    /// read it. Closing at once would reset the connection and could destroy the answer.
    void begin_closing();

    // While a request is answered.

    /// Of the request that is ready; nullopt where none is.
    const std::optional<Head> &head() const { return head_; }

    /// The whole body is here already.
    bool has_body() const { return buffer_.size() - head_->size >= body_left_ && !is_chunked(); }

    /// From here on the request is read and written.
    /// @param may_wait whether the client's slowness may hold up the thread; where not, the answer
    ///        is kept and sent by the event loop.
    void begin_request(bool may_wait);

    /// Sends of the answer what goes without waiting, and forgets the request.
    /// @return whether the next request can be told from what is left of this one.
    bool end_request();

    /// Bytes of the present request are still to come: the next request cannot be told from them,
    /// so the connection must end.
    bool body_is_unread() const { return is_chunked() ? !chunks_.is_over() : body_left_ > 0; }

    /// Keeps something alive until the present request's answer is out.
    template <typename T>
    void keep(T thing) {
        kept_.push_back(std::make_shared<T>(std::move(thing)));
    }

    Clock::time_point request_began() const { return began_; }

    /// The other end's address; empty on a Unix socket.
    const std::string &address() const { return address_; }

    /// By what name it is counted; see Application::origin.
    const std::string &origin() const { return origin_; }
    void set_origin(std::string origin) { origin_ = std::move(origin); }

    /// Ends the body that is being read, as if the client had broken off. Any thread may call.
    void break_off() const { transport_.break_reading(); }

    /// Ends everything. Any thread may call.
    void cut() const { transport_.cut(); }

    // As cpp-httplib sees it: a head, and a body that is not chunked and ends with it. "100
    // Continue" is left until the body is asked for, so that it never comes before a refusal.

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char *buffer, size_t size) override;
    ssize_t write(const char *bytes, size_t size) override;
    void get_remote_ip_and_port(std::string &ip, int &port) const override;
    void get_local_ip_and_port(std::string &ip, int &port) const override;
    int socket() const override { return transport_.socket(); }

private:
    bool is_chunked() const { return head_ && head_->is_chunked; }
    bool flush();
    Step drain();
    Step read_request();
    bool request_is_whole();
    size_t prefetched() const;
    void set_deadline(Clock::duration from_now) { deadline_ = Clock::now() + from_now; }
    bool fill();
    ssize_t read_chunked(char *buffer, size_t size);
    bool wait(Pace &pace);

    Transport transport_;
    std::string address_;
    std::string origin_;
    int port_ = 0;
    std::string buffer_; ///< read, and not yet taken from `taken_` on
    size_t taken_ = 0;
    std::string unsent_;
    std::optional<Head> head_;
    size_t head_left_ = 0;
    uint64_t body_left_ = 0;
    Chunks chunks_;
    bool owes_continue_ = false;
    bool may_wait_ = false;
    bool closing_ = false;
    bool ended_writing_ = false;
    Pace reading_;
    Pace writing_;
    std::vector<std::shared_ptr<void>> kept_;
    Clock::time_point began_;
    Clock::time_point deadline_;
};

} // namespace mp3conv::api::server
