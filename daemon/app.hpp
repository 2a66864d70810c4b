#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/rooms.hpp"
#include "daemon/api/server/http_server.hpp"
#include "daemon/api/service.hpp"
#include "daemon/auth/auth.hpp"
#include "daemon/auth/passwords.hpp"
#include "daemon/auth/registration.hpp"
#include "daemon/data_dir.hpp"
#include "daemon/db/open.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/notify/notifier.hpp"
#include "daemon/notify/webhooks.hpp"
#include "daemon/sandbox/launcher.hpp"
#include "daemon/settings.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/sweeper.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/clock.hpp"
#include "daemon/worker.hpp"

namespace mp3conv {

/// The daemon, put together: the only place that knows every room.
class App {
public:
    /// Takes the data folder, opens database and storage and binds the address; serves nothing yet.
    /// @throws Error, as those do.
    explicit App(Settings settings);

    /// Starts all threads.
    void start();

    /// Takes no new work. What runs goes on.
    void drain();

    /// @return whether nothing runs any more.
    bool is_idle() const { return (!workers_ || workers_->is_idle()) && server_.active() == 0; }

    /// Reads certificate and key anew. @throws Error{usage}; what was read before stays in use.
    void reload() { server_.reload_tls(); }

    /// Ends everything; conversions under way go back to the queue.
    void stop();

    /// @return whether clients are looked after; a database of this machine answers, too, or else
    ///         this throws. Any thread may call, once it is started.
    bool is_well(std::chrono::milliseconds patience);

    const std::string &url() const { return url_; }

private:
    Settings settings_;
    system::SystemClock clock_;
    DataDir data_dir_;
    sandbox::Launcher converter_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<storage::BlobStore> blobs_;
    auth::Tokens tokens_;
    auth::Auth auth_;
    auth::Registration registration_;
    auth::Passwords passwords_;
    system::Bell work_;
    system::Bells changes_;
    system::Bell notices_;
    std::unique_ptr<db::Wire> wire_;
    std::atomic<bool> draining_ = false;
    api::Turns turns_;
    system::Tally<system::UserId> slow_requests_;
    notify::HttpPoster poster_;
    notify::Webhooks webhooks_;
    api::Rooms rooms_;
    api::Service service_;
    api::server::HttpServer server_;
    std::string url_;
    notify::Channels channels_;
    std::unique_ptr<notify::Notifier> notifier_;
    Sweeper sweeper_;
    std::unique_ptr<Workers> workers_;
};

} // namespace mp3conv
