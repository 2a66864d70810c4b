#include "daemon/system/service_manager.hpp"

#include <cstdlib>
#include <systemd/sd-daemon.h>

namespace mp3conv::system::service_manager {
namespace {

namespace fs = std::filesystem;

void tell(const std::string &what) {
    sd_notify(0, what.c_str());
}

std::string in_microseconds(std::chrono::nanoseconds time) {
    return std::to_string(std::chrono::floor<std::chrono::microseconds>(time).count());
}

fs::path credentials() {
    const char *folder = std::getenv("CREDENTIALS_DIRECTORY");
    return folder == nullptr ? fs::path{} : fs::path{folder};
}

} // namespace

void tell_ready(const std::string &status) {
    tell("READY=1\nSTATUS=" + status);
}

void tell_reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch(); // CLOCK_MONOTONIC
    tell("RELOADING=1\nMONOTONIC_USEC=" + in_microseconds(now));
}

void tell_stopping(std::chrono::seconds time) {
    tell("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=" + in_microseconds(time));
}

void tell_alive() {
    tell("WATCHDOG=1");
}

std::chrono::microseconds watchdog_time() {
    uint64_t time = 0;
    return std::chrono::microseconds{sd_watchdog_enabled(0, &time) > 0 ? time : 0};
}

std::vector<Fd> take_sockets() {
    std::vector<Fd> sockets;
    const int count = sd_listen_fds(1);
    for (int i = 0; i < count; ++i) sockets.emplace_back(SD_LISTEN_FDS_START + i);
    return sockets;
}

fs::path credential(const std::string &name) {
    const fs::path file = credentials() / name;
    std::error_code error;
    return file.is_absolute() && fs::exists(file, error) ? file : fs::path{};
}

bool is_credential(const fs::path &file) {
    return !credentials().empty() && file.parent_path() == credentials();
}

} // namespace mp3conv::system::service_manager
