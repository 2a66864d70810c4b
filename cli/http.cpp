#include "cli/http.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "common/error.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

constexpr long connect_timeout_s = 10;
constexpr long silence_timeout_s = 120; // longer than the server holds any answer back
constexpr size_t largest_answer = 64 << 20;

/// A request on its way. Nothing may throw through libcurl, so what is thrown waits here.
struct Exchange {
    CURL *curl;
    const Request &request;
    std::string body{};
    std::exception_ptr thrown{};

    template <typename Use>
    size_t guard(Use &&use, size_t on_error) noexcept {
        try {
            return use();
        } catch (...) {
            thrown = std::current_exception();
            return on_error;
        }
    }

    long status() const {
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        return status;
    }

    bool is_good() const { return status() >= 200 && status() < 300; }
};

size_t read_body(char *buffer, size_t size, size_t count, void *user) {
    auto &exchange = *static_cast<Exchange *>(user);
    return exchange.guard([&] { return exchange.request.read(buffer, size * count); },
                          CURL_READFUNC_ABORT);
}

size_t write_body(char *bytes, size_t size, size_t count, void *user) {
    auto &exchange = *static_cast<Exchange *>(user);
    const auto take = [&]() -> size_t {
        const std::string_view part{bytes, size * count};
        if (exchange.request.write && exchange.is_good()) {
            exchange.request.write(part);
        } else if (exchange.body.append(part).size() > largest_answer) {
            return 0;
        }
        return part.size();
    };
    return exchange.guard(take, 0);
}

int check_signals(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return is_interrupted() ? 1 : 0;
}

CurlList make_headers(const Request &request) {
    CurlList headers;
    append(headers, "Accept: application/json");
    if (!request.token.empty()) append(headers, "Authorization: Bearer " + request.token);
    if (!request.json.empty()) append(headers, "Content-Type: application/json");
    if (request.read && request.method == "POST") {
        append(headers, "Content-Type: application/octet-stream");
    }
    for (const auto &header : request.headers) append(headers, header);
    if (request.read && !request.read_bytes) append(headers, "Transfer-Encoding: chunked");
    return headers;
}

void set_body(Exchange &exchange) {
    const Request &request = exchange.request;
    curl_easy_setopt(exchange.curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "HEAD") curl_easy_setopt(exchange.curl, CURLOPT_NOBODY, 1L);
    if (request.write) { // the server may send us to where the bytes are; the token stays here
        curl_easy_setopt(exchange.curl, CURLOPT_FOLLOWLOCATION, 1L);
        curl_easy_setopt(exchange.curl, CURLOPT_MAXREDIRS, 3L);
        curl_easy_setopt(exchange.curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    }
    if (request.method == "GET" || request.method == "HEAD") return;
    curl_easy_setopt(exchange.curl, CURLOPT_POST, 1L);
    if (request.read) {
        curl_easy_setopt(exchange.curl, CURLOPT_READFUNCTION, read_body);
        curl_easy_setopt(exchange.curl, CURLOPT_READDATA, &exchange);
        const curl_off_t size =
            request.read_bytes ? static_cast<curl_off_t>(*request.read_bytes) : -1;
        curl_easy_setopt(exchange.curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
        curl_easy_setopt(exchange.curl, CURLOPT_UPLOAD_BUFFERSIZE, 512L << 10);
    } else {
        curl_easy_setopt(exchange.curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.json.size()));
        curl_easy_setopt(exchange.curl, CURLOPT_POSTFIELDS, request.json.c_str());
    }
}

void set_limits(CURL *curl) {
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mp3conv/" MP3CONV_VERSION);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, silence_timeout_s);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_signals);
}

std::optional<std::string> header_of(CURL *curl, const char *name) {
    curl_header *header = nullptr;
    const auto found = curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header);
    return found == CURLHE_OK ? std::optional<std::string>{header->value} : std::nullopt;
}

/// "POST /v1/files: 201 in 12 ms, request 4tq0…": what a server's administrator can look up.
std::string describe(const Exchange &exchange) {
    curl_off_t took_us = 0;
    curl_easy_getinfo(exchange.curl, CURLINFO_TOTAL_TIME_T, &took_us);
    const auto id = header_of(exchange.curl, "X-Request-Id");
    return exchange.request.method + " " + exchange.request.path + ": " +
           std::to_string(exchange.status()) + " in " + std::to_string(took_us / 1000) + " ms" +
           (id ? ", request " + *id : std::string{});
}

[[noreturn]] void fail(const std::string &server, CURLcode result, const char *text) {
    check_interrupted();
    const std::string why = *text != '\0' ? text : curl_easy_strerror(result);
    switch (result) {
    case CURLE_URL_MALFORMAT:
        throw Error{Errc::usage, server + ": not a server's address (" + why + ")"};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        throw Error{Errc::bad_request, server + ": its certificate cannot be verified; name its " +
                                           "authority with --cacert (" + why + ")"};
    default:
        throw Error{Errc::unreachable,
                    "cannot reach mp3convd at " + server + "; is it running? (" + why + ")"};
    }
}

[[noreturn]] void refuse(const std::string &server, long status, const std::string &body) {
    const auto problem = nlohmann::json::parse(body, nullptr, false);
    if (problem.is_object() && problem.contains("code") && problem["code"].is_string()) {
        const auto detail = problem.find("detail");
        const bool has_detail = detail != problem.end() && detail->is_string();
        const std::string code = problem["code"];
        throw Error{errc_from_wire(code, static_cast<int>(status)),
                    has_detail ? detail->get<std::string>() : code};
    }
    // No mp3convd says it so; a proxy in front of one may.
    Errc code = status >= 500 ? Errc::busy : Errc::bad_request;
    if (status == 413) code = Errc::too_large;
    if (status == 429) code = Errc::rate_limited;
    throw Error{code, server + " answered " + std::to_string(status) + "; is it an mp3convd?"};
}

} // namespace

std::string Http::send(const Request &request) {
    check_interrupted();
    curl_ = line_.begin();
    CURL *curl = curl_.get();
    Exchange exchange{curl, request};
    char error[CURL_ERROR_SIZE] = "";
    const CurlList headers = make_headers(request);
    curl_easy_setopt(curl, CURLOPT_URL, (globals_.server + request.path).c_str());
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    if (!globals_.ca_file.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, globals_.ca_file.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, write_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    set_limits(curl);
    set_body(exchange);
    const CURLcode result = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
    if (exchange.thrown) std::rethrow_exception(exchange.thrown);
    if (result != CURLE_OK) fail(globals_.server, result, error);
    if (globals_.verbose) note(globals_, describe(exchange));
    if (exchange.is_good()) return std::move(exchange.body);
    refuse(globals_.server, exchange.status(), exchange.body);
}

std::optional<std::string> Http::header(const char *name) const {
    return header_of(curl_.get(), name);
}

std::chrono::seconds Http::retry_after() const {
    constexpr uint64_t longest = 86400;
    const auto asked = parse_number(header("Retry-After").value_or(""));
    return std::chrono::seconds{std::min(asked.value_or(0), longest)};
}

long Http::status() const {
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

} // namespace mp3conv::cli
