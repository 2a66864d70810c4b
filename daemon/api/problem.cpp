#include "daemon/api/problem.hpp"

#include <nlohmann/json.hpp>

#include "common/text.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {
namespace {

namespace log = system::log;

constexpr std::chrono::seconds usual_retry{5};

void set_headers(httplib::Response &response, const ErrorTraits &kind, const Error &error) {
    if (kind.http_status == 401) response.set_header("WWW-Authenticate", "Bearer");
    if (kind.http_status == 503 || kind.http_status == 429) {
        const auto time = error.retry_after().count() > 0 ? error.retry_after() : usual_retry;
        response.set_header("Retry-After", std::to_string(time.count()));
    }
}

/// @return the error as its cause where it is about files of ours: who asks cannot mend them, and
///         need not know their names.
Error for_strangers(const Error &error) {
    if (error.code() != Errc::local_file) return error;
    return {Errc::busy, "the server's storage failed; try again later", describe(error)};
}

} // namespace

void answer_problem(httplib::Response &response, const std::string &request_id,
                    const Error &thrown) {
    const Error error = for_strangers(thrown);
    const ErrorTraits kind = traits(error.code());
    const int status = kind.http_status == 0 ? 500 : kind.http_status;
    const nlohmann::ordered_json problem{
        {"title", kind.code},          {"status", status},
        {"code", kind.code},           {"detail", printable(error.what())},
        {"retryable", kind.retryable}, {"request_id", request_id}};
    system::counts().refused.of({std::string{kind.code}}).add();
    response.status = status;
    set_headers(response, kind, error);
    response.set_content(problem.dump() + "\n", "application/problem+json");
    if (status >= 500) {
        log::error("request failed", {{"request", request_id}, {"cause", describe(error)}});
    }
}

} // namespace mp3conv::api
