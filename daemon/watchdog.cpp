#include "daemon/watchdog.hpp"

#include "common/error.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/service_manager.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;
namespace service_manager = system::service_manager;

} // namespace

Watchdog::Watchdog(std::function<bool(std::chrono::milliseconds)> is_well) :
    is_well_{std::move(is_well)} {
    const auto time = service_manager::watchdog_time();
    if (time == 0us) return;
    const auto period = std::max(1ms, std::chrono::floor<std::chrono::milliseconds>(time / 2));
    thread_ = std::jthread{[this, period](const std::stop_token &stop) { run(period, stop); }};
}

void Watchdog::run(std::chrono::milliseconds period, const std::stop_token &stop) const {
    system::Bell never;
    while (!stop.stop_requested()) {
        look(period);
        never.wait(0, period, stop);
    }
}

void Watchdog::look(std::chrono::milliseconds patience) const {
    try {
        if (is_well_(patience)) return service_manager::tell_alive();
        log::error("the watchdog is not told that all is well: the server does not answer");
    } catch (const Error &e) {
        log::error("the watchdog is not told that all is well", {{"cause", describe(e)}});
    } catch (const std::exception &e) {
        log::error("the watchdog is not told that all is well", {{"cause", e.what()}});
    }
}

} // namespace mp3conv
