#include "daemon/serve.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <curl/curl.h>

#include "daemon/app.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

/// The signals that end the daemon, kept from all threads: only `next` takes them.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGHUP, SIG_IGN);
    }

    void wait() const {
        int signal = 0;
        sigwait(&set_, &signal);
    }

    /// @return whether one came in time.
    bool wait_for(std::chrono::milliseconds time) const {
        const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
        return ::sigtimedwait(&set_, nullptr, &limit) > 0;
    }

private:
    sigset_t set_{};
};

void drain(App &app, const Signals &signals, std::chrono::seconds timeout) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    log::info("stopping", {{"drain_timeout_s", std::to_string(timeout.count())}});
    app.drain();
    while (!app.is_idle() && std::chrono::steady_clock::now() < end) {
        if (signals.wait_for(50ms)) return;
    }
}

} // namespace

int serve(const Settings &settings) {
    log::configure(settings.log_level, settings.log_format);
    const Signals signals; // before the first thread
    curl_global_init(CURL_GLOBAL_DEFAULT);
    App app{settings};
    app.start();
    log::info("listening", {{"url", app.url()},
                            {"version", MP3CONV_VERSION},
                            {"data_dir", settings.data_dir},
                            {"workers", std::to_string(settings.workers)}});
    signals.wait();
    drain(app, signals, settings.drain_timeout);
    app.stop();
    log::info("stopped");
    return 0;
}

} // namespace mp3conv
