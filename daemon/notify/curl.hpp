#pragma once

#include <curl/curl.h>
#include <memory>
#include <stop_token>

namespace mp3conv::notify {

struct FreeCurl {
    void operator()(CURL *curl) const noexcept { curl_easy_cleanup(curl); }
    void operator()(curl_slist *list) const noexcept { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl>;

/// Lets a stop request end a transfer, within a second. The token outlives the transfer.
void obey(CURL *curl, const std::stop_token &stop);

} // namespace mp3conv::notify
