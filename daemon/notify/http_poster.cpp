#include "daemon/notify/http_poster.hpp"

#include <memory>
#include <new>
#include <sys/socket.h>

#include "common/error.hpp"
#include "daemon/notify/curl.hpp"
#include "daemon/system/public_address.hpp"

namespace mp3conv::notify {
namespace {

struct FreeUrl {
    void operator()(CURLU *url) const noexcept { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

constexpr size_t longest_url = 2000;

Url parse(const std::string &text) {
    Url url{curl_url()};
    if (!url) throw std::bad_alloc{};
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
        url.reset();
    }
    return url;
}

/// @return that part; empty where there is none.
std::string part(const Url &url, CURLUPart which) {
    char *text = nullptr;
    if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner{text, curl_free};
    return text;
}

/// What one request may do; libcurl's callbacks ask it.
struct Bounds {
    const std::vector<system::Network> &allowed;
    std::chrono::seconds most_time;
    bool is_encrypted;
    size_t room = HttpPoster::most_answer_bytes;
    bool has_refused = false;

    bool lets(const sockaddr &address) const {
        const auto ip = system::address_of(address);
        if (!ip) return false;
        return system::is_among(allowed, *ip) || (is_encrypted && system::is_public(*ip));
    }
};

/// curl_opensocket_callback: the address is the one that is about to be connected to.
curl_socket_t open_socket(void *user, curlsocktype, curl_sockaddr *address) try {
    auto &bounds = *static_cast<Bounds *>(user);
    if (!bounds.lets(address->addr)) {
        bounds.has_refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
} catch (const std::exception &) {
    return CURL_SOCKET_BAD; // nothing may be thrown through the library
}

/// Takes what the answer consists of, and forgets it.
size_t take_answer(char *, size_t size, size_t count, void *user) {
    auto &room = static_cast<Bounds *>(user)->room;
    if (size * count > room) return 0; // which ends the transfer
    room -= size * count;
    return size * count;
}

void set_target(CURL *curl, const Post &post) {
    curl_easy_setopt(curl, CURLOPT_URL, post.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); // which would be what is connected to
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mp3convd/" MP3CONV_VERSION);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
}

void set_bounds(CURL *curl, Bounds &bounds) {
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &bounds);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &bounds);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &bounds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(bounds.most_time.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

/// What it says is shown to the user who gave the address, and tells nothing of what is behind it.
[[noreturn]] void fail(CURLcode result, const Bounds &bounds, const char *text) {
    if (bounds.has_refused) {
        throw Error{Errc::unreachable,
                    bounds.is_encrypted
                        ? "the webhook is at no public address; webhook-networks does not allow it"
                        : "the webhook has no https:// address, and webhook-networks does not "
                          "allow it"};
    }
    if (result == CURLE_WRITE_ERROR) {
        throw Error{Errc::unreachable, "the webhook's answer is too long"};
    }
    throw Error{Errc::unreachable,
                "the webhook cannot be reached: " + std::string{curl_easy_strerror(result)}, text};
}

CurlList list_of(const std::vector<std::string> &headers) {
    CurlList list;
    for (const auto &header : headers) append(list, header);
    return list;
}

} // namespace

int HttpPoster::post(const Post &post, const std::stop_token &stop) const {
    if (stop.stop_requested()) throw Error{Errc::unreachable, "the daemon is stopping; try later"};
    const Curl curl{curl_easy_init()};
    if (!curl) throw std::bad_alloc{};
    const CurlList headers = list_of(post.headers);
    Bounds bounds{.allowed = allowed_,
                  .most_time = most_time_,
                  .is_encrypted = part(parse(post.url), CURLUPART_SCHEME) == "https"};
    char error[CURL_ERROR_SIZE] = "";
    set_target(curl.get(), post);
    set_bounds(curl.get(), bounds);
    obey(curl.get(), stop);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, error);
    const CURLcode result = curl_easy_perform(curl.get());
    if (result != CURLE_OK) fail(result, bounds, error);
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
}

void HttpPoster::check(const std::string &text) const {
    const Url url = text.size() <= longest_url ? parse(text) : Url{};
    const std::string scheme = url ? part(url, CURLUPART_SCHEME) : "";
    if ((scheme != "https" && scheme != "http") || part(url, CURLUPART_HOST).empty() ||
        !part(url, CURLUPART_FRAGMENT).empty()) {
        throw Error{Errc::invalid_option,
                    "the webhook's URL is none such as https://example.org/hook"};
    }
    if (scheme == "http" && allowed_.empty()) {
        throw Error{Errc::invalid_option,
                    "the webhook's URL is not encrypted; use one such as https://example.org/hook"};
    }
}

} // namespace mp3conv::notify
