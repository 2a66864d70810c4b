#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mp3conv {

/// Everything that can go wrong in a way that someone outside can tell apart.
enum class Errc {
    // asking
    usage,
    bad_request,
    invalid_option,
    not_logged_in,
    wrong_credentials,
    account_disabled,
    registration_closed,
    email_taken,
    not_found,
    no_route,
    method_not_allowed,
    not_ready,
    wrong_state,
    expired,
    too_large,
    over_quota,
    too_many_active,
    too_many_today,
    upload_incomplete,
    offset_conflict,
    checksum_mismatch,
    tus_version,
    unsupported_media_type,
    range_not_satisfiable,
    request_timeout,
    uri_too_long,
    head_too_large,
    rate_limited,
    busy,
    internal,
    // converting
    no_audio_track,
    not_media,
    corrupt_media,
    unsupported_codec,
    too_long,
    conversion_crashed,
    conversion_killed, ///< from outside: not the file's doing
    conversion_timeout,
    conversion_failed,
    cancelled,
    storage_full,
    // telling
    undeliverable,
    webhook_failed,
    // the client's own
    unreachable,
    local_file,
    timeout,
    some_failed,
    interrupted,
    terminated,
    // accounts and their letters
    email_unverified,
    wrong_code,
    too_many_letters,
};

/// What the outside sees of an Errc.
struct ErrorTraits {
    std::string_view code; ///< stable name, on the wire and in `--json`
    int http_status;       ///< of the answer; 0 where it never crosses HTTP
    int exit_code;         ///< of `mp3conv`
    bool retryable;        ///< the same request may succeed later
};

/// @return the row of the table in error.cpp; every Errc has one.
const ErrorTraits &traits(Errc code);

/// @return the Errc of that wire name; what the HTTP status suggests where the name is from a
///         newer server.
Errc errc_from_wire(std::string_view code, int http_status);

/// The one exception type of the house. `what()` is safe to show to anyone.
class Error : public std::runtime_error {
public:
    Error(Errc code, const std::string &message, std::string cause = {},
          std::chrono::seconds retry_after = {}) :
        std::runtime_error{message},
        code_{code},
        cause_{std::move(cause)},
        retry_after_{retry_after} {}

    Errc code() const noexcept { return code_; }
    /// What only the log may say: paths, errno texts, library messages.
    const std::string &cause() const noexcept { return cause_; }
    /// How long it takes until the same request may succeed; 0 where nobody knows.
    std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    Errc code_;
    std::string cause_;
    std::chrono::seconds retry_after_;
};

/// @return e.what(), with its cause behind it in brackets where it has one: for logs.
std::string describe(const Error &e);

} // namespace mp3conv
