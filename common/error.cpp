#include "common/error.hpp"

#include <array>
#include <utility>

namespace mp3conv {
namespace {

// Exit codes are those of mp3conv(1).
constexpr std::array<std::pair<Errc, ErrorTraits>, 52> table{{
    {Errc::usage, {"usage", 400, 2, false}},
    {Errc::bad_request, {"bad_request", 400, 1, false}},
    {Errc::invalid_option, {"invalid_option", 422, 2, false}},
    {Errc::not_logged_in, {"not_logged_in", 401, 4, false}},
    {Errc::wrong_credentials, {"wrong_credentials", 401, 4, false}},
    {Errc::account_disabled, {"account_disabled", 403, 4, false}},
    {Errc::registration_closed, {"registration_closed", 403, 4, false}},
    {Errc::email_taken, {"email_taken", 409, 1, false}},
    {Errc::email_unverified, {"email_unverified", 403, 4, false}},
    {Errc::wrong_code, {"wrong_code", 403, 4, false}},
    {Errc::not_found, {"not_found", 404, 6, false}},
    {Errc::no_route, {"no_route", 404, 1, false}},
    {Errc::method_not_allowed, {"method_not_allowed", 405, 1, false}},
    {Errc::not_ready, {"not_ready", 409, 5, true}},
    {Errc::wrong_state, {"wrong_state", 409, 1, false}},
    {Errc::expired, {"expired", 410, 7, false}},
    {Errc::too_large, {"too_large", 413, 9, false}},
    {Errc::over_quota, {"over_quota", 413, 9, false}},
    {Errc::too_many_today, {"too_many_today", 429, 9, false}},
    {Errc::upload_incomplete, {"upload_incomplete", 400, 5, true}},
    {Errc::offset_conflict, {"offset_conflict", 409, 5, true}},
    {Errc::checksum_mismatch, {"checksum_mismatch", 460, 5, true}},
    {Errc::tus_version, {"tus_version", 412, 1, false}},
    {Errc::unsupported_media_type, {"unsupported_media_type", 415, 1, false}},
    {Errc::range_not_satisfiable, {"range_not_satisfiable", 416, 1, false}},
    {Errc::request_timeout, {"request_timeout", 408, 5, true}},
    {Errc::uri_too_long, {"uri_too_long", 414, 1, false}},
    {Errc::head_too_large, {"head_too_large", 431, 1, false}},
    {Errc::rate_limited, {"rate_limited", 429, 5, true}},
    {Errc::too_many_active, {"too_many_active", 429, 5, true}},
    {Errc::too_many_letters, {"too_many_letters", 429, 4, false}},
    {Errc::busy, {"busy", 503, 5, true}},
    {Errc::internal, {"internal", 500, 1, true}},
    {Errc::no_audio_track, {"no_audio_track", 422, 8, false}},
    {Errc::not_media, {"not_media", 422, 8, false}},
    {Errc::corrupt_media, {"corrupt_media", 422, 8, false}},
    {Errc::unsupported_codec, {"unsupported_codec", 422, 8, false}},
    {Errc::too_long, {"too_long", 422, 8, false}},
    // The same bytes crash, and take too long, each time; what was killed deserves another try.
    {Errc::conversion_crashed, {"conversion_crashed", 500, 7, false}},
    {Errc::conversion_killed, {"conversion_crashed", 500, 7, true}},
    {Errc::conversion_timeout, {"conversion_timeout", 500, 7, false}},
    {Errc::conversion_failed, {"conversion_failed", 409, 7, false}},
    {Errc::cancelled, {"cancelled", 409, 7, false}},
    {Errc::storage_full, {"storage_full", 507, 5, true}},
    {Errc::undeliverable, {"undeliverable", 0, 1, false}},
    {Errc::webhook_failed, {"webhook_failed", 409, 1, false}},
    {Errc::unreachable, {"unreachable", 0, 5, true}},
    {Errc::local_file, {"local_file", 0, 13, false}},
    {Errc::timeout, {"timeout", 0, 10, true}},
    {Errc::some_failed, {"some_failed", 0, 3, false}},
    {Errc::interrupted, {"interrupted", 0, 130, true}},
    {Errc::terminated, {"terminated", 0, 143, true}},
}};

} // namespace

const ErrorTraits &traits(Errc code) {
    for (const auto &[errc, row] : table) {
        if (errc == code) return row;
    }
    return traits(Errc::internal);
}

Errc errc_from_wire(std::string_view code, int http_status) {
    for (const auto &[errc, row] : table) {
        if (row.http_status != 0 && row.code == code) return errc;
    }
    for (const auto &[errc, row] : table) {
        if (row.http_status == http_status) return errc;
    }
    return http_status >= 500 ? Errc::busy : Errc::bad_request;
}

std::string describe(const Error &e) {
    return e.cause().empty() ? std::string{e.what()}
                             : std::string{e.what()} + " (" + e.cause() + ")";
}

} // namespace mp3conv
