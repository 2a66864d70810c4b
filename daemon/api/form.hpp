#pragma once

#include <map>
#include <string>

#include "daemon/api/call.hpp"

namespace mp3conv::api {

/// What a browser sends of a form without files (application/x-www-form-urlencoded).
class Form {
public:
    explicit Form(const std::string &text);

    /// @return empty where there is no such field.
    std::string value(const std::string &name) const;

private:
    std::map<std::string, std::string> fields_;
};

/// @throws Error{too_large} above 64 KiB, Error{upload_incomplete}.
Form read_form(const Call &call);

} // namespace mp3conv::api
