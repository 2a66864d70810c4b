#pragma once

#include <string>
#include <string_view>

#include "daemon/db/open.hpp"

namespace mp3conv::admin {

/// @throws Error{not_found} where there is no such account.
auth::User require_user(db::Database &rows, const std::string &email);

/// Logs an act of the administrator, for whoever has to find out afterwards.
void audit(std::string_view what, const std::string &email);

} // namespace mp3conv::admin
