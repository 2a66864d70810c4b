#include "daemon/notify/smtp_mailer.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "common/error.hpp"
#include "daemon/notify/curl.hpp"

namespace mp3conv::notify {
namespace {

// libcurl counts the greeting and the login to it: RFC 5321, 4.5.3.2.1.
constexpr std::chrono::seconds longest_connect = std::chrono::minutes{5};

/// curl_read_callback: hands out what is left of the letter.
size_t read_letter(char *buffer, size_t size, size_t count, void *user) {
    auto &rest = *static_cast<std::string_view *>(user);
    const size_t taken = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
}

void set_server(CURL *curl, const SmtpServer &server) {
    curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, server.require_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE);
    if (!server.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
    }
    const auto connect = std::min(longest_connect, server.timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(connect.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(server.timeout.count()));
    // Else libcurl waits for two minutes for a reply. Who hangs up while the server stores a letter
    // gets it sent twice: RFC 5321, 4.5.3.2.6 asks for ten.
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     static_cast<long>(server.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
}

[[noreturn]] void fail(CURL *curl, CURLcode result, const char *text) {
    long reply = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    const std::string cause = result == CURLE_WEIRD_SERVER_REPLY
                                  ? "it answered " + std::to_string(reply)
                                  : (*text != '\0' ? text : curl_easy_strerror(result));
    const bool is_about_letter = result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY;
    if (is_about_letter && reply >= 550 && reply <= 599) {
        throw Error{Errc::undeliverable, "the mail server refused the letter for good", cause};
    }
    throw Error{Errc::unreachable, "the mail server did not take the letter", cause};
}

} // namespace

void SmtpMailer::send(const Letter &letter, const std::stop_token &stop) {
    const Curl curl{curl_easy_init()};
    const CurlList recipients{curl_slist_append(nullptr, ("<" + letter.to + ">").c_str())};
    if (!curl || !recipients) throw std::bad_alloc{};
    char error[CURL_ERROR_SIZE] = "";
    std::string_view rest = letter.text;
    set_server(curl.get(), server_);
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, ("<" + letter.from + ">").c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, read_letter);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &rest);
    obey(curl.get(), stop);
    const CURLcode result = curl_easy_perform(curl.get());
    if (result != CURLE_OK) fail(curl.get(), result, error);
}

} // namespace mp3conv::notify
