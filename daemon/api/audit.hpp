#pragma once

#include <string>
#include <string_view>

#include "common/error.hpp"
#include "daemon/api/call.hpp"
#include "daemon/api/rooms.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {

/// Who did what, from where: for whoever has to find out afterwards.
void audit(const Call &call, std::string_view what, const std::string &email,
           const system::log::Field &detail);

/// The same of the caller.
void audit_caller(Rooms &rooms, const Call &call, std::string_view what,
                  const system::log::Field &detail);

/// @return what `act` returns; the log tells how it ended, well or not.
template <typename Act>
auto audited(const Call &call, std::string_view what, const std::string &email, Act &&act) {
    try {
        auto result = act();
        audit(call, what, email, {"outcome", "done"});
        return result;
    } catch (const Error &e) {
        // What is no e-mail address is nobody, and may be anything.
        if (e.code() == Errc::invalid_option) throw;
        audit(call, what, email, {"outcome", std::string{traits(e.code()).code}});
        throw;
    }
}

} // namespace mp3conv::api
