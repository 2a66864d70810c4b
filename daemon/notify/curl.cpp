#include "daemon/notify/curl.hpp"

namespace mp3conv::notify {
namespace {

/// curl_xferinfo_callback: called at least once a second.
int check_stop(void *user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token *>(user)->stop_requested() ? 1 : 0;
}

} // namespace

void obey(CURL *curl, const std::stop_token &stop) {
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
}

} // namespace mp3conv::notify
