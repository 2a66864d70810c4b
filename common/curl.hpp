#pragma once

#include <curl/curl.h>
#include <memory>
#include <new>
#include <string>

namespace mp3conv {

struct FreeCurl {
    void operator()(CURL *curl) const noexcept { curl_easy_cleanup(curl); }
    void operator()(curl_slist *list) const noexcept { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl>;

/// Adds a line to a list. @throws std::bad_alloc.
inline void append(CurlList &list, const std::string &line) {
    curl_slist *longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(list.release()); // longer is the same list
    list.reset(longer);
}

/// Connections that stay from a request to the next, for one thread at a time.
///
/// Each request has a handle of its own: one that is used again keeps a pointer to the last header
/// of the answer before, and an answer that begins with a folded header has it freed twice (libcurl
/// 7.84 to 8.1.0; github.com/curl/curl/issues/11101).
class CurlLine {
public:
    /// @throws std::bad_alloc.
    CurlLine() : share_{curl_share_init()} {
        if (!share_) throw std::bad_alloc{};
        curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
        curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
        curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    }

    /// @return a handle for one request, which must not outlive the line. @throws std::bad_alloc.
    Curl begin() {
        Curl curl{curl_easy_init()};
        if (!curl) throw std::bad_alloc{};
        curl_easy_setopt(curl.get(), CURLOPT_SHARE, share_.get());
        return curl;
    }

private:
    struct Free {
        void operator()(CURLSH *share) const noexcept { curl_share_cleanup(share); }
    };
    std::unique_ptr<CURLSH, Free> share_;
};

} // namespace mp3conv
