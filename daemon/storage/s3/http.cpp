#include "daemon/storage/s3/http.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <unistd.h>

#include "common/text.hpp"

namespace mp3conv::storage::s3 {
namespace {

constexpr size_t most_body = 16 << 20; // of an answer that is kept: a page of a listing is 1 MiB
constexpr long connect_ms = 5000;

/// What libcurl's callbacks share. Nothing may throw through them.
struct Exchange {
    const Call &call;
    CURL *curl;
    uint64_t sent = 0;
    Reply reply{};
    std::exception_ptr thrown{};

    uint64_t body_size() const { return call.file.fd < 0 ? call.body.size() : call.file.count; }

    bool takes_body() {
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        return call.sink && (status == 200 || status == 206);
    }
};

/// CURLOPT_READFUNCTION
size_t send_body(char *buffer, size_t size, size_t count, void *user) {
    auto &exchange = *static_cast<Exchange *>(user);
    const size_t wanted = std::min<uint64_t>(size * count, exchange.body_size() - exchange.sent);
    ssize_t got = static_cast<ssize_t>(wanted);
    if (exchange.call.file.fd < 0) {
        std::memcpy(buffer, exchange.call.body.data() + exchange.sent, wanted);
    } else if (wanted > 0) {
        got = ::pread(exchange.call.file.fd, buffer, wanted,
                      static_cast<off_t>(exchange.call.file.first + exchange.sent));
        if (got <= 0) return CURL_READFUNC_ABORT;
    }
    exchange.sent += static_cast<uint64_t>(got);
    return static_cast<size_t>(got);
}

/// CURLOPT_SEEKFUNCTION: libcurl sends once more what went into a connection that was dead.
int seek_body(void *user, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Exchange *>(user)->sent = static_cast<uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

/// CURLOPT_WRITEFUNCTION
size_t take_body(char *bytes, size_t size, size_t count, void *user) {
    auto &exchange = *static_cast<Exchange *>(user);
    const std::string_view piece{bytes, size * count};
    try {
        if (!exchange.takes_body()) {
            if (exchange.reply.body.size() + piece.size() > most_body) return 0;
            exchange.reply.body += piece;
        } else if (!exchange.call.sink(piece)) {
            exchange.reply.was_ended = true;
            return 0;
        }
        return piece.size();
    } catch (...) {
        exchange.thrown = std::current_exception();
        return 0;
    }
}

/// CURLOPT_HEADERFUNCTION
size_t take_header(char *bytes, size_t size, size_t count, void *user) {
    auto &exchange = *static_cast<Exchange *>(user);
    const std::string_view line{bytes, size * count};
    try {
        const size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            exchange.reply.headers.emplace_back(ascii_lower(line.substr(0, colon)),
                                                trim(line.substr(colon + 1)));
        } else if (line.starts_with("HTTP/")) {
            exchange.reply.headers.clear(); // those before were of a 100 Continue
        }
        return line.size();
    } catch (...) {
        exchange.thrown = std::current_exception();
        return 0;
    }
}

/// Exactly these, and none of libcurl's own that would have to be signed.
CurlList headers_of(const Call &call) {
    CurlList list;
    for (const auto &[name, value] : call.headers) append(list, name + ": " + value);
    append(list, "Content-Type:");
    return list;
}

void set_body(Exchange &exchange) {
    CURL *curl = exchange.curl;
    const std::string &method = exchange.call.method;
    if (method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (method == "PUT") {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(exchange.body_size()));
    }
    if (method == "POST") {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(exchange.body_size()));
    }
    if (method == "DELETE") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, send_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek_body);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
}

void set_line(CURL *curl, const std::string &url, std::chrono::seconds silence) {
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence.count()));
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 128L << 10);
    curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 128L << 10);
}

} // namespace

std::string Reply::header(std::string_view name) const {
    for (const auto &[known, value] : headers) {
        if (known == name) return value;
    }
    return {};
}

CurlLine Http::take() {
    auto line = idle_.with([](auto &idle) -> std::optional<CurlLine> {
        if (idle.empty()) return std::nullopt;
        CurlLine last = std::move(idle.back());
        idle.pop_back();
        return last;
    });
    return line ? std::move(*line) : CurlLine{};
}

Reply Http::exchange(const Call &call, std::chrono::seconds silence) {
    CurlLine line = take();
    Curl curl = line.begin();
    Exchange exchange{.call = call, .curl = curl.get()};
    const CurlList headers = headers_of(call);
    char text[CURL_ERROR_SIZE] = "";
    set_line(curl.get(), call.url, silence);
    set_body(exchange);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, text);
    const CURLcode result = curl_easy_perform(curl.get());
    if (exchange.thrown) std::rethrow_exception(exchange.thrown);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    exchange.reply.status = static_cast<int>(status);
    if (result != CURLE_OK && !exchange.reply.was_ended) {
        exchange.reply.failure = *text == '\0' ? curl_easy_strerror(result) : text;
    }
    curl.reset(); // which leaves its connection to the line
    idle_.with([&](auto &idle) { idle.push_back(std::move(line)); });
    return std::move(exchange.reply);
}

} // namespace mp3conv::storage::s3
