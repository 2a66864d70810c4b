#include "daemon/api/server/http_server.hpp"

#include "daemon/system/log.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::api::server {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

constexpr Lane::Size quick_size{16, 256};
constexpr Lane::Size costly_size{4, 16};
constexpr Lane::Size slow_size{256, 64};
constexpr size_t most_slow_an_address = 128;
constexpr int keep_alive_s = 30;
constexpr int requests_a_connection = 10'000; // as the library tells its clients

/// The connection that this thread serves: the library's hooks are not told which it is.
thread_local Connection *current = nullptr;

httplib::Request what_is_known_of(const Connection &connection, const std::string &id) {
    httplib::Request request;
    request.remote_addr = connection.address();
    request.set_header("X-Request-Id", id);
    if (connection.head()) {
        request.method = connection.head()->method;
        request.path = connection.head()->target.substr(0, connection.head()->target.find('?'));
    }
    return request;
}

std::string as_text(const httplib::Response &response) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " \r\n";
    for (const auto &[name, value] : response.headers) text += name + ": " + value + "\r\n";
    return text + "Connection: close\r\nContent-Length: " + std::to_string(response.body.size()) +
           "\r\n\r\n" + response.body;
}

} // namespace

HttpServer::HttpServer(Application &application) :
    application_{application},
    quick_{quick_size, [this](auto connection) { serve(std::move(connection), false); }},
    costly_{costly_size, [this](auto connection) { serve(std::move(connection), false); }},
    patient_{slow_size, [this](auto connection) { serve(std::move(connection), true); }},
    transfer_{slow_size, [this](auto connection) { serve(std::move(connection), true); }} {
    set_keep_alive_timeout(keep_alive_s);
    set_keep_alive_max_count(requests_a_connection);
    set_post_routing_handler([this](const httplib::Request &, httplib::Response &response) {
        application_.dress(response);
        if (!current->body_is_unread()) return;
        response.headers.erase("Keep-Alive");
        if (!response.has_header("Connection")) response.set_header("Connection", "close");
    });
    set_logger([this](const httplib::Request &request, const httplib::Response &response) {
        application_.observe(request, response,
                             std::chrono::steady_clock::now() - current->request_began());
    });
    route_everything();
}

HttpServer::~HttpServer() {
    finish(0ms);
}

void HttpServer::route_everything() {
    const char *any = R"([\s\S]*)";
    const auto with_body = [this](const httplib::Request &request, httplib::Response &response,
                                  const httplib::ContentReader &body) {
        Exchange exchange{request, response, &body, *current};
        application_.handle(exchange);
    };
    const auto without = [this](const httplib::Request &request, httplib::Response &response) {
        Exchange exchange{request, response, nullptr, *current};
        application_.handle(exchange);
    };
    Get(any, without);
    Options(any, without);
    Post(any, with_body);
    Put(any, with_body);
    Patch(any, with_body);
    Delete(any, with_body);
}

void HttpServer::use_tls(const std::filesystem::path &certificate,
                         const std::filesystem::path &key) {
    tls_ = std::make_unique<Tls>(certificate, key);
}

void HttpServer::reload_tls() {
    if (tls_) tls_->reload();
}

void HttpServer::listen_on(Listener listener) {
    svr_sock_ = listener.socket.get(); // the library stops sending where it is none
    loop_ = std::make_unique<EventLoop>(
        std::move(listener), tls_.get(),
        EventLoop::Hooks{
            [this](const auto &peer) { return application_.origin(peer); },
            [this](auto connection) { take(std::move(connection)); },
            [this](auto connection, const Error &why) { refuse(std::move(connection), why); }});
}

void HttpServer::start() {
    loop_->start();
}

void HttpServer::finish(std::chrono::milliseconds patience) {
    if (!loop_ || stopping_.exchange(true)) return;
    loop_->stop_accepting();
    wait_until_idle(patience);
    svr_sock_ = INVALID_SOCKET;
    served_.with([](const auto &served) {
        for (const Connection *connection : served) connection->cut();
    });
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

/// Sends a request to the threads of its kind.
void HttpServer::take(std::unique_ptr<Connection> connection) {
    const Pacing pacing =
        connection->has_body() ? application_.pacing(*connection->head()) : Pacing::transfer;
    const bool is_slow = pacing == Pacing::patient || pacing == Pacing::transfer;
    if (is_slow && is_crowded(*connection)) {
        return refuse(std::move(connection),
                      Error{Errc::rate_limited, "your address has " +
                                                    std::to_string(most_slow_an_address) +
                                                    " requests under way; let one end"});
    }
    ++active_;
    if (lane(pacing).submit(connection)) return;
    --active_;
    refuse(std::move(connection), Error{Errc::busy, "the server is busy; try again"});
}

Lane &HttpServer::lane(Pacing pacing) {
    switch (pacing) {
    case Pacing::quick:
        return quick_;
    case Pacing::costly:
        return costly_;
    case Pacing::patient:
        return patient_;
    default:
        return transfer_;
    }
}

/// Counts one more slow request of where its client is, unless that has too many.
bool HttpServer::is_crowded(Connection &connection) {
    if (connection.origin().empty()) return false;
    auto place = slow_of_an_origin_.take(connection.origin(), most_slow_an_address);
    if (!place) return true;
    connection.keep(std::move(*place));
    return false;
}

void HttpServer::serve(std::unique_ptr<Connection> connection, bool may_wait) {
    served_.with([&](auto &served) { served.insert(connection.get()); });
    current = connection.get();
    connection->begin_request(may_wait);
    const bool goes_on = answer(*connection);
    const bool is_clean = connection->end_request();
    current = nullptr;
    served_.with([&](auto &served) { served.erase(connection.get()); });
    if (!goes_on || !is_clean || stopping_) connection->begin_closing();
    loop_->give_back(std::move(connection));
    --active_;
    answered_.ring();
}

/// @return whether the connection can take another request.
bool HttpServer::answer(Connection &connection) try {
    bool client_closes = false;
    const bool answered =
        process_request(connection, stopping_, client_closes, [&](httplib::Request &request) {
            request.headers.erase("X-Request-Id");
            request.set_header("X-Request-Id", system::random_id(16));
            request.headers.erase("Expect");
            request.remote_addr = application_.client(request);
            request.ranges.clear(); // the library does not check them; the download does
            // What has neither header is read until the connection says that it ends, as it does
            // for a chunked body. Without one there is none.
            if (connection.head()->is_chunked) {
                request.headers.erase("Transfer-Encoding");
            } else if (!request.has_header("Content-Length")) {
                request.set_header("Content-Length", "0");
            }
        });
    return answered && !client_closes;
} catch (const std::exception &e) {
    log::error("a request failed in the library", {{"cause", e.what()}});
    return false;
}

/// Answers without a handler, and so without a thread that could be waited for.
void HttpServer::refuse(std::unique_ptr<Connection> connection, const Error &why) {
    httplib::Response response;
    const std::string id = system::random_id(16);
    application_.refuse(response, id, why);
    application_.dress(response);
    application_.observe(what_is_known_of(*connection, id), response, {});
    connection->send_later(as_text(response));
    connection->begin_closing();
    loop_->give_back(std::move(connection));
}

} // namespace mp3conv::api::server
