#pragma once

#include <atomic>
#include <chrono>
#include <httplib.h>
#include <set>
#include <string>

#include "daemon/api/server/application.hpp"
#include "daemon/api/server/event_loop.hpp"
#include "daemon/api/server/lane.hpp"
#include "daemon/api/server/tls.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/guarded.hpp"
#include "daemon/system/tally.hpp"

namespace mp3conv::api::server {

/// cpp-httplib's requests and answers on connections of our own: a body that a handler has not read
/// ends the connection instead of being taken for the next request, "100 Continue" is sent only
/// once the body is wanted, and slow clients cost no thread that others wait for.
class HttpServer : private httplib::Server {
public:
    /// @param application must outlive the server.
    explicit HttpServer(Application &application);
    ~HttpServer() override;

    /// Serves HTTPS. Before `listen_on`. @throws as Tls does.
    void use_tls(const std::filesystem::path &certificate, const std::filesystem::path &key);
    /// Reads certificate and key anew. @throws as Tls::reload. Any thread may call.
    void reload_tls();

    /// Takes clients that come in there, once it is started.
    void listen_on(Listener listener);

    /// Serves in threads of its own until `finish`.
    void start();

    /// Ends listening, waits for requests under way until `patience` is over, then cuts them off.
    void finish(std::chrono::milliseconds patience);

    /// @return whether connections are looked after. Any thread may call, once it is started.
    bool is_alive(std::chrono::milliseconds patience) { return loop_->is_alive(patience); }

    /// @return requests under way.
    int active() const { return active_; }

private:
    void route_everything();
    void take(std::unique_ptr<Connection> connection);
    Lane &lane(Pacing pacing);
    bool is_crowded(Connection &connection);
    void serve(std::unique_ptr<Connection> connection, bool may_wait);
    bool answer(Connection &connection);
    void refuse(std::unique_ptr<Connection> connection, const Error &why);
    void wait_until_idle(std::chrono::milliseconds patience);

    Application &application_;
    std::unique_ptr<Tls> tls_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> active_ = 0;
    system::Bell answered_;
    system::Guarded<std::set<Connection *>> served_;
    system::Tally<std::string> slow_of_an_origin_;
    std::unique_ptr<EventLoop> loop_;
    Lane quick_;
    Lane costly_;
    Lane patient_;
    Lane transfer_;
};

} // namespace mp3conv::api::server
