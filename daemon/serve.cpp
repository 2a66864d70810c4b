#include "daemon/serve.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <curl/curl.h>
#include <sys/resource.h>

#include "common/error.hpp"
#include "daemon/app.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/service_manager.hpp"
#include "daemon/watchdog.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;
namespace service_manager = system::service_manager;

constexpr auto time_to_stop = 30s; // beside what `drain-timeout` says

/// The signals that are for the daemon as a whole, kept from all threads: only `wait` takes them.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGHUP);
        ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    /// @return the next one.
    int wait() const {
        int signal = 0;
        sigwait(&set_, &signal);
        return signal;
    }

    /// @return whether one that ends the daemon came in time.
    bool wait_for_end(std::chrono::milliseconds time) const {
        const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
        const int signal = ::sigtimedwait(&set_, nullptr, &limit);
        return signal > 0 && signal != SIGHUP;
    }

private:
    sigset_t set_{};
};

void drain(App &app, const Signals &signals, std::chrono::seconds timeout) {
    const auto end = std::chrono::steady_clock::now() + timeout;
    service_manager::tell_stopping(timeout + time_to_stop);
    log::info("stopping", {{"drain_timeout_s", std::to_string(timeout.count())}});
    app.drain();
    while (!app.is_idle() && std::chrono::steady_clock::now() < end) {
        if (signals.wait_for_end(50ms)) return;
    }
}

/// As many descriptors as may be: the usual 1024 are for programs that use select.
void raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// What was read before stays in use where something cannot be read now.
void reload(App &app, const std::function<Settings()> &reread) {
    service_manager::tell_reloading();
    try {
        const Settings settings = reread();
        app.reload();
        log::configure(settings.log_level, settings.log_format);
        log::info("reread the certificate and the log's settings");
    } catch (const Error &e) {
        log::error("cannot reread the settings", {{"cause", describe(e)}});
    }
    service_manager::tell_ready("serving " + app.url());
}

} // namespace

int serve(const Settings &settings, const std::function<Settings()> &reread) {
    const Signals signals; // before the first thread
    raise_descriptor_limit();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    App app{settings};
    app.start();
    log::info("listening", {{"url", app.url()},
                            {"version", MP3CONV_VERSION},
                            {"data_dir", settings.data_dir},
                            {"workers", std::to_string(settings.workers)}});
    service_manager::tell_ready("serving " + app.url());
    const Watchdog watchdog{[&app](auto patience) { return app.is_well(patience); }};
    while (signals.wait() == SIGHUP) reload(app, reread);
    drain(app, signals, settings.drain_timeout);
    app.stop();
    log::info("stopped");
    return 0;
}

} // namespace mp3conv
