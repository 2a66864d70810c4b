#pragma once

#include <chrono>
#include <stop_token>
#include <string_view>

#include "common/error.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::system {

/// Does what must not be left undone while the disk is full or the rows cannot be had: tries again
/// each second, until it is done or stop is requested. Anything else that `act` throws gets out.
/// @param what for the log, as in "cannot ...".
/// @return whether it was done.
template <typename Act>
bool persist(std::string_view what, const std::stop_token &stop, Act &&act) {
    Bell never;
    for (bool is_told = false;; is_told = true) {
        try {
            act();
            return true;
        } catch (const Error &e) {
            if (e.code() != Errc::busy && e.code() != Errc::storage_full) throw;
            if (stop.stop_requested()) return false;
            if (!is_told) {
                log::error("cannot " + std::string{what} + " yet", {{"cause", describe(e)}});
            }
        }
        never.wait(0, std::chrono::seconds{1}, stop);
    }
}

} // namespace mp3conv::system
