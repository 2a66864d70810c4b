#include "daemon/api/http_server.hpp"

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::api {
namespace {

using namespace std::chrono_literals;

constexpr size_t threads = 128; // one a connection; most of them wait
constexpr auto keep_alive = 5s;
constexpr int requests_a_connection = 1000;

/// The connection that this thread serves: the library's hooks are not told which it is.
thread_local Connection *current = nullptr;

struct Address {
    std::string host;
    int port;
};

Address parse_address(const std::string &text) {
    const size_t colon = text.rfind(':');
    const auto port =
        colon == std::string::npos ? std::nullopt : parse_number(text.substr(colon + 1));
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (!port || *port > 65535 || host.empty()) {
        throw Error{Errc::usage,
                    "listen: '" + text + "' is not ADDRESS:PORT such as 127.0.0.1:8420"};
    }
    return {host, static_cast<int>(*port)};
}

/// The library's default would let a second daemon share the port.
void allow_quick_restart(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

} // namespace

HttpServer::HttpServer(Handler handler, Observer observer) : stop_{::eventfd(0, EFD_CLOEXEC)} {
    new_task_queue = [] { return new httplib::ThreadPool{threads}; };
    set_socket_options(allow_quick_restart);
    set_tcp_nodelay(true);
    set_post_routing_handler([](const httplib::Request &, httplib::Response &response) {
        if (!current->body_is_unread()) return;
        response.headers.erase("Keep-Alive");
        if (!response.has_header("Connection")) response.set_header("Connection", "close");
    });
    set_logger([observer = std::move(observer)](const httplib::Request &request,
                                                const httplib::Response &response) {
        observer(request, response, std::chrono::steady_clock::now() - current->request_began());
    });
    route_everything(handler);
}

HttpServer::~HttpServer() {
    finish(0ms);
}

void HttpServer::route_everything(const Handler &handler) {
    const char *any = R"([\s\S]*)";
    const auto with_body = [handler](const httplib::Request &request, httplib::Response &response,
                                     const httplib::ContentReader &body) {
        Exchange exchange{request, response, &body, *current};
        handler(exchange);
    };
    const auto without = [handler](const httplib::Request &request, httplib::Response &response) {
        Exchange exchange{request, response, nullptr, *current};
        handler(exchange);
    };
    Get(any, without);
    Options(any, without);
    Post(any, with_body);
    Put(any, with_body);
    Patch(any, with_body);
    Delete(any, with_body);
}

std::string HttpServer::bind(const std::string &text) {
    const Address address = parse_address(text);
    const int port = address.port == 0                          ? bind_to_any_port(address.host)
                     : bind_to_port(address.host, address.port) ? address.port
                                                                : -1;
    if (port <= 0) {
        throw Error{Errc::local_file, "listen: cannot listen at " + text + ": " + errno_text() +
                                          "; choose another with --listen"};
    }
    return text.substr(0, text.rfind(':') + 1) + std::to_string(port);
}

void HttpServer::start() {
    listener_ = std::jthread{[this] { listen_after_bind(); }};
    while (!is_running()) std::this_thread::yield(); // until then `stop` would be missed
}

void HttpServer::finish(std::chrono::milliseconds patience) {
    if (!listener_.joinable()) return;
    stop();
    stopping_ = true;
    const uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_.get(), &one, sizeof one);
    wait_until_idle(patience);
    sockets_.with([](const auto &sockets) {
        for (const int socket : sockets) ::shutdown(socket, SHUT_RDWR);
    });
    listener_.join();
}

void HttpServer::wait_until_idle(std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        const auto seen = answered_.count();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (active_ == 0 || left <= 0ms) return;
        answered_.wait(seen, left);
    }
}

bool HttpServer::process_and_close_socket(int socket) {
    sockets_.with([&](auto &sockets) { sockets.insert(socket); });
    Connection connection{socket, stop_.get()};
    current = &connection;
    int left = requests_a_connection;
    while (left > 0 && connection.wait_for_request(keep_alive)) {
        if (!serve_one(connection, --left == 0) || stopping_) break;
    }
    if (connection.body_is_unread()) connection.linger();
    current = nullptr;
    sockets_.with([&](auto &sockets) { sockets.erase(socket); });
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
}

/// @return whether the connection can take another request.
bool HttpServer::serve_one(Connection &connection, bool is_last) {
    ++active_;
    connection.expect_request();
    bool client_closes = false;
    const bool answered =
        process_request(connection, is_last, client_closes, [&](httplib::Request &request) {
            request.headers.erase("X-Request-Id");
            request.set_header("X-Request-Id", system::random_id(16));
            request.ranges.clear(); // the library does not check them; the download does
            connection.begin_body(request);
        });
    --active_;
    answered_.ring();
    return answered && !client_closes && !connection.body_is_unread();
}

} // namespace mp3conv::api
