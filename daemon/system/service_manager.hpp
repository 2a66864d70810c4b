#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "common/fd.hpp"

/// What systemd has for a service, and whoever else speaks its protocols: an ear (sd_notify(3)),
/// sockets (sd_listen_fds(3)) and credentials. Where nobody does, telling does nothing, and there
/// is none of the others. Any thread may call, but for `take_sockets`.
namespace mp3conv::system::service_manager {

/// Clients are served. @param status for `systemctl status`.
void tell_ready(const std::string &status);

/// Settings are reread, until `tell_ready`.
void tell_reloading();

/// The daemon ends. @param time that it may take.
void tell_stopping(std::chrono::seconds time);

/// It is alive. Without this for `watchdog_time` it is killed, and started again.
void tell_alive();

/// @return 0 where nobody waits for `tell_alive`.
std::chrono::microseconds watchdog_time();

/// @return those, for us to own; none the second time. Not while others read the environment.
std::vector<Fd> take_sockets();

/// @return the file that holds the credential of that name; empty where there is none.
std::filesystem::path credential(const std::string &name);

/// @return whether the file is one that `credential` returns: nobody but us and root can read it,
///         whatever its mode says (it has an access control list).
bool is_credential(const std::filesystem::path &file);

} // namespace mp3conv::system::service_manager
