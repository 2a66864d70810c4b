#pragma once

#include <string>
#include <string_view>

#include "daemon/api/call.hpp"

namespace mp3conv::api {

/// @return `text` as it can stand in HTML, between tags and in a quoted attribute.
std::string escape_html(std::string_view text);

/// Answers with a page for browsers. @param body HTML.
void answer_page(Call &call, int status, const std::string &title, const std::string &body);

} // namespace mp3conv::api
