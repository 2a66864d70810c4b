#include "daemon/api/server/event_loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api::server {
namespace {

namespace log = system::log;

constexpr size_t most_waiting = 4096;
constexpr size_t most_waiting_an_origin = 512;

void subscribe(int epoll, int operation, int socket, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    if (::epoll_ctl(epoll, operation, socket, &event) != 0) {
        throw Error{Errc::internal, "cannot watch a connection", errno_text()};
    }
}

} // namespace

EventLoop::EventLoop(Listener listener, Tls *tls, Hooks hooks) :
    listener_{std::move(listener)},
    tls_{tls},
    hooks_{std::move(hooks)},
    epoll_{::epoll_create1(EPOLL_CLOEXEC)},
    wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    subscribe(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), EPOLLIN);
    subscribe(epoll_.get(), EPOLL_CTL_ADD, listener_.socket.get(), EPOLLIN);
}

EventLoop::~EventLoop() {
    mode_ = Mode::ended;
    wake();
}

void EventLoop::start() {
    thread_ = std::jthread{[this] { run(); }};
}

void EventLoop::wake() const {
    ::eventfd_write(wake_.get(), 1);
}

void EventLoop::give_back(Owned connection) {
    returned_.with([&](auto &returned) { returned.push_back(std::move(connection)); });
    wake();
}

bool EventLoop::is_alive(std::chrono::milliseconds patience) {
    const auto seen = alive_.count();
    is_asked_ = true;
    wake();
    alive_.wait(seen, patience);
    return alive_.count() != seen;
}

void EventLoop::stop_accepting() {
    mode_ = Mode::finishing;
    wake();
}

void EventLoop::run() {
    while (mode_ != Mode::ended) {
        try {
            wait_for_events();
            take_back();
            expire();
            if (mode_ == Mode::finishing) let_idle_go();
            if (is_asked_.exchange(false)) alive_.ring();
        } catch (const std::exception &e) {
            log::error("the server's event loop stumbled", {{"cause", e.what()}});
        }
    }
}

void EventLoop::wait_for_events() {
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), events.size(), milliseconds_to_first_deadline());
    for (int i = 0; i < count; ++i) {
        const int socket = events.at(static_cast<size_t>(i)).data.fd;
        if (socket == listener_.socket.get()) {
            accept_all();
        } else if (socket == wake_.get()) {
            eventfd_t times = 0;
            ::eventfd_read(socket, &times);
        } else if (waiting_.contains(socket)) { // or it made room for another just now
            move_on(release(socket));
        }
    }
}

int EventLoop::milliseconds_to_first_deadline() const {
    if (deadlines_.empty()) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadlines_.begin()->first - Clock::now());
    return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

void EventLoop::accept_all() {
    while (mode_ == Mode::serving) {
        const int socket =
            ::accept4(listener_.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            accept_one(socket);
        } else if (errno == EMFILE || errno == ENFILE) {
            free_descriptor();
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

/// The system has no more for us: who waits longest gives one back.
void EventLoop::free_descriptor() {
    if (deadlines_.empty()) return std::this_thread::sleep_for(std::chrono::milliseconds{10});
    release(deadlines_.begin()->second);
}

void EventLoop::accept_one(int socket) {
    Fd owned{socket};
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Ssl ssl = tls_ == nullptr ? nullptr : tls_->session(socket);
    auto connection = std::make_unique<Connection>(Transport{std::move(owned), std::move(ssl)});
    connection->set_origin(hooks_.origin(connection->address()));
    subscribe(epoll_.get(), EPOLL_CTL_ADD, socket, EPOLLONESHOT);
    make_room(connection->origin());
    move_on(std::move(connection));
}

/// One more comes from there. Who waits longest pays for it, so that whoever opens a thousand
/// connections keeps nobody out.
void EventLoop::make_room(const std::string &origin) {
    const auto count = per_origin_.find(origin);
    const bool is_counted = !origin.empty() && count != per_origin_.end();
    if (is_counted && count->second >= most_waiting_an_origin) {
        const auto oldest =
            std::find_if(deadlines_.begin(), deadlines_.end(), [&](const auto &deadline) {
                return waiting_.at(deadline.second).connection->origin() == origin;
            });
        release(oldest->second);
    } else if (waiting_.size() >= most_waiting) {
        release(deadlines_.begin()->second);
    }
}

void EventLoop::take_back() {
    for (auto &connection : returned_.with([](auto &all) { return std::exchange(all, {}); })) {
        move_on(std::move(connection));
    }
}

void EventLoop::watch(Owned connection) {
    const int socket = connection->socket();
    const auto deadline = connection->deadline();
    subscribe(epoll_.get(), EPOLL_CTL_MOD, socket,
              static_cast<uint32_t>(connection->wants()) | EPOLLONESHOT);
    ++per_origin_[connection->origin()];
    deadlines_.emplace(deadline, socket);
    waiting_.emplace(socket, Waiting{std::move(connection), deadline});
    system::counts().connections_waiting.only().add();
}

EventLoop::Owned EventLoop::release(int socket) {
    const auto found = waiting_.find(socket);
    auto connection = std::move(found->second.connection);
    deadlines_.erase({found->second.deadline, socket});
    waiting_.erase(found);
    system::counts().connections_waiting.only().add(-1);
    const auto count = per_origin_.find(connection->origin());
    if (--count->second == 0) per_origin_.erase(count);
    return connection;
}

void EventLoop::move_on(Owned connection) {
    auto step = Connection::Step::end;
    try {
        step = connection->advance();
    } catch (const Error &e) {
        return hooks_.refused(std::move(connection), e);
    }
    if (step == Connection::Step::wait) watch(std::move(connection));
    if (step == Connection::Step::ready) hooks_.ready(std::move(connection));
}

void EventLoop::expire() {
    const auto now = Clock::now();
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        auto connection = release(deadlines_.begin()->second);
        if (!connection->has_begun_request()) continue;
        hooks_.refused(std::move(connection),
                       Error{Errc::request_timeout, "the request took too long to come; send it "
                                                    "again"});
    }
}

void EventLoop::let_idle_go() {
    listener_.socket = {};
    std::vector<int> idle;
    for (const auto &[socket, waiting] : waiting_) {
        if (!waiting.connection->has_unsent()) idle.push_back(socket);
    }
    for (const int socket : idle) release(socket);
}

} // namespace mp3conv::api::server
