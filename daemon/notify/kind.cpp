#include <algorithm>
#include <array>
#include <utility>

#include "common/error.hpp"
#include "daemon/notify/outbox.hpp"

namespace mp3conv::notify {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 3> names{{
    {Kind::file_ended, "file_ended"},
    {Kind::verify_email, "verify_email"},
    {Kind::reset_password, "reset_password"},
}};

} // namespace

std::string_view to_string(Kind kind) {
    return std::find_if(names.begin(), names.end(),
                        [&](const auto &row) { return row.first == kind; })
        ->second;
}

Kind kind_from(std::string_view name) {
    for (const auto &[kind, known] : names) {
        if (known == name) return kind;
    }
    throw Error{Errc::internal, "a notice is of an unknown kind", std::string{name}};
}

} // namespace mp3conv::notify
