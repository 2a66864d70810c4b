#include "daemon/api/server/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <utility>

namespace mp3conv::api::server {
namespace {

using namespace std::chrono_literals;

constexpr size_t buffer_bytes = 64 << 10;
constexpr size_t longest_prefetch = 64 << 10;
constexpr auto idle_time = 30s;
constexpr auto head_time = 10s;
constexpr auto short_body_time = 30s;
constexpr auto flush_time = 30s;
constexpr auto linger_time = 2s;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

Connection::Connection(Transport transport) : transport_{std::move(transport)} {
    describe_peer(transport_.socket(), address_, port_);
    set_deadline(idle_time);
}

Connection::Step Connection::advance() {
    if (!flush()) return transport_.wants() != 0 ? Step::wait : Step::end;
    return closing_ ? drain() : read_request();
}

short Connection::wants() const {
    return transport_.wants() != 0 ? transport_.wants() : short{POLLIN};
}

/// @return whether nothing is left to send.
bool Connection::flush() {
    while (!unsent_.empty()) {
        const ssize_t sent = transport_.write(unsent_.data(), unsent_.size());
        if (sent < 0) return false;
        unsent_.erase(0, static_cast<size_t>(sent));
    }
    return true;
}

void Connection::begin_closing() {
    closing_ = true;
    set_deadline(unsent_.empty() ? Clock::duration{linger_time} : flush_time);
}

Connection::Step Connection::drain() {
    if (!std::exchange(ended_writing_, true)) {
        transport_.end_writing();
        set_deadline(linger_time);
    }
    std::array<char, 16384> scrap;
    ssize_t got = 0;
    while ((got = transport_.read(scrap.data(), scrap.size())) > 0) {
    }
    return got < 0 && transport_.wants() != 0 ? Step::wait : Step::end;
}

Connection::Step Connection::read_request() {
    while (!request_is_whole()) {
        const bool is_first = buffer_.empty();
        std::array<char, 16384> fresh;
        const ssize_t got = transport_.read(fresh.data(), fresh.size());
        if (got <= 0) return got < 0 && transport_.wants() != 0 ? Step::wait : Step::end;
        if (is_first) set_deadline(head_time);
        buffer_.append(fresh.data(), static_cast<size_t>(got));
    }
    return Step::ready;
}

bool Connection::request_is_whole() {
    if (!head_ && !buffer_.empty()) {
        head_ = read_head(buffer_);
        if (head_) {
            body_left_ = head_->body_bytes;
            deadline_ += short_body_time;
        }
    }
    return head_ && buffer_.size() >= head_->size + prefetched();
}

/// @return bytes of the body that are to be here before the request is answered.
size_t Connection::prefetched() const {
    const bool waits = head_->expects_continue || head_->body_bytes > longest_prefetch;
    return waits ? 0 : head_->body_bytes;
}

void Connection::begin_request(bool may_wait) {
    began_ = Clock::now();
    may_wait_ = may_wait;
    owes_continue_ = head_->expects_continue && !has_body();
    head_left_ = head_->size;
    chunks_ = {};
    reading_ = {};
    writing_ = {};
}

bool Connection::end_request() {
    flush();
    kept_.clear();
    const bool is_clean = !body_is_unread();
    buffer_.erase(0, taken_);
    buffer_.shrink_to_fit();
    taken_ = 0;
    head_.reset();
    set_deadline(!unsent_.empty()  ? Clock::duration{flush_time}
                 : buffer_.empty() ? Clock::duration{idle_time}
                                   : head_time);
    return is_clean;
}

bool Connection::wait(Pace &pace) {
    const auto patience = pace.patience();
    if (!may_wait_ || transport_.wants() == 0 || patience <= 0ms) return false;
    pollfd waiting{transport_.socket(), transport_.wants(), 0};
    const auto start = Clock::now();
    const int ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
    pace.note_wait(std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - start));
    return ready > 0 || (ready < 0 && errno == EINTR);
}

/// Reads what comes next into the empty buffer.
bool Connection::fill() {
    buffer_.resize(buffer_bytes);
    taken_ = 0;
    while (true) {
        const ssize_t got = transport_.read(buffer_.data(), buffer_.size());
        if (got < 0 && wait(reading_)) continue;
        buffer_.resize(got > 0 ? static_cast<size_t>(got) : 0);
        if (got > 0) reading_.note_bytes(static_cast<uint64_t>(got));
        return got > 0;
    }
}

ssize_t Connection::read(char *buffer, size_t size) {
    if (head_left_ == 0 && std::exchange(owes_continue_, false)) {
        write(go_on.data(), go_on.size());
    }
    if (head_left_ == 0 && is_chunked()) return read_chunked(buffer, size);
    if (taken_ == buffer_.size() && !fill()) return -1;
    const size_t part = head_left_ > 0 ? std::min(size, head_left_) : size;
    const size_t some = std::min(part, buffer_.size() - taken_);
    std::memcpy(buffer, buffer_.data() + taken_, some);
    taken_ += some;
    if (head_left_ > 0) {
        head_left_ -= some;
    } else {
        body_left_ -= std::min<uint64_t>(some, body_left_);
    }
    return static_cast<ssize_t>(some);
}

/// @return 0 at the end of the body.
ssize_t Connection::read_chunked(char *buffer, size_t size) {
    while (!chunks_.is_over()) {
        if (taken_ == buffer_.size() && !fill()) return -1;
        auto raw = std::string_view{buffer_}.substr(taken_);
        const auto data = chunks_.take(raw, size);
        taken_ = buffer_.size() - raw.size();
        if (data.empty()) continue;
        std::memcpy(buffer, data.data(), data.size());
        return static_cast<ssize_t>(data.size());
    }
    return 0;
}

ssize_t Connection::write(const char *bytes, size_t size) {
    if (!may_wait_) {
        unsent_.append(bytes, size);
        return static_cast<ssize_t>(size);
    }
    size_t done = 0;
    while (done < size) {
        const ssize_t sent = transport_.write(bytes + done, size - done);
        if (sent < 0 && wait(writing_)) continue;
        if (sent < 0) return -1;
        done += static_cast<size_t>(sent);
        writing_.note_bytes(static_cast<uint64_t>(sent));
    }
    return static_cast<ssize_t>(size);
}

void Connection::get_remote_ip_and_port(std::string &ip, int &port) const {
    ip = address_;
    port = port_;
}

void Connection::get_local_ip_and_port(std::string &ip, int &port) const {
    describe_own(transport_.socket(), ip, port);
}

} // namespace mp3conv::api::server
