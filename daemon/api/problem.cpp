#include "daemon/api/problem.hpp"

#include <nlohmann/json.hpp>

#include "common/text.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {
namespace {

namespace log = system::log;

constexpr const char *retry_after_s = "5";

void set_headers(httplib::Response &response, const ErrorTraits &kind) {
    if (kind.http_status == 401) response.set_header("WWW-Authenticate", "Bearer");
    if (kind.http_status == 503 || kind.http_status == 429) {
        response.set_header("Retry-After", retry_after_s);
    }
}

} // namespace

void answer_problem(httplib::Response &response, const std::string &request_id,
                    const Error &error) {
    const ErrorTraits kind = traits(error.code());
    const int status = kind.http_status == 0 ? 500 : kind.http_status;
    const nlohmann::ordered_json problem{
        {"title", kind.code},          {"status", status},
        {"code", kind.code},           {"detail", printable(error.what())},
        {"retryable", kind.retryable}, {"request_id", request_id}};
    response.status = status;
    set_headers(response, kind);
    response.set_content(problem.dump() + "\n", "application/problem+json");
    if (status >= 500) {
        log::error("request failed", {{"request", request_id}, {"cause", describe(error)}});
    }
}

} // namespace mp3conv::api
