#include "daemon/storage/s3/signer.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "common/text.hpp"

namespace mp3conv::storage::s3 {
namespace {

constexpr const char *algorithm = "AWS4-HMAC-SHA256";

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data(),
              &size)) {
        throw Error{Errc::internal, "HMAC is not available"};
    }
    return {reinterpret_cast<const char *>(digest.data()), size};
}

std::string sha256_of(std::string_view text) {
    Sha256 hash;
    hash.update(text);
    return hash.finish();
}

/// @return "20130524T000000Z"; the date is its first eight characters.
std::string basic_time(std::time_t now) {
    std::tm utc{};
    std::array<char, 20> text{};
    ::gmtime_r(&now, &utc);
    std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
    return text.data();
}

std::string_view date_of(std::string_view time) {
    return time.substr(0, 8);
}

/// @return all headers that are signed, sorted, with single spaces.
Pairs canonical_headers(const Request &request) {
    Pairs headers{{"host", request.host}};
    for (const auto &[name, value] : request.headers) {
        std::string single;
        for (const char c : trim(value)) {
            if (c != ' ' || !single.ends_with(' ')) single += c;
        }
        headers.emplace_back(ascii_lower(name), single);
    }
    std::sort(headers.begin(), headers.end());
    return headers;
}

std::string signed_names(const Request &request) {
    std::string names;
    for (const auto &[name, value] : canonical_headers(request)) {
        names += (names.empty() ? "" : ";") + name;
    }
    return names;
}

std::string canonical_request(const Request &request) {
    std::string text =
        request.method + '\n' + request.path + '\n' + canonical_query(request.query) + '\n';
    for (const auto &[name, value] : canonical_headers(request)) text += name + ':' + value + '\n';
    return text + '\n' + signed_names(request) + '\n' + request.sha256;
}

} // namespace

std::string canonical_query(const Pairs &query) {
    Pairs encoded;
    for (const auto &[name, value] : query)
        encoded.emplace_back(url_encode(name), url_encode(value));
    std::sort(encoded.begin(), encoded.end());
    std::string text;
    for (const auto &[name, value] : encoded)
        text += (text.empty() ? "" : "&") + name + '=' + value;
    return text;
}

std::string encode_path(std::string_view path) {
    std::string encoded;
    for (size_t start = 0; start <= path.size();) {
        const size_t slash = std::min(path.find('/', start), path.size());
        encoded += url_encode(path.substr(start, slash - start));
        if (slash < path.size()) encoded += '/';
        start = slash + 1;
    }
    return encoded;
}

std::string Signer::scope(std::string_view date) const {
    return std::string{date} + '/' + region_ + '/' + service_ + "/aws4_request";
}

std::string Signer::signature(const Request &request, const std::string &secret_key,
                              const std::string &time) const {
    const std::string_view date = date_of(time);
    const std::string text = std::string{algorithm} + '\n' + time + '\n' + scope(date) + '\n' +
                             sha256_of(canonical_request(request));
    std::string key = "AWS4" + secret_key;
    for (const std::string_view part : {date, std::string_view{region_}, std::string_view{service_},
                                        std::string_view{"aws4_request"}}) {
        key = hmac(key, part);
    }
    return to_hex(hmac(key, text));
}

void Signer::sign(Request &request, const Credentials &credentials, std::time_t now) const {
    const std::string time = basic_time(now);
    request.headers.emplace_back("x-amz-content-sha256", request.sha256);
    request.headers.emplace_back("x-amz-date", time);
    if (!credentials.session_token.empty()) {
        request.headers.emplace_back("x-amz-security-token", credentials.session_token);
    }
    const std::string signed_by = signature(request, credentials.secret_key, time);
    request.headers.emplace_back(
        "Authorization", std::string{algorithm} + " Credential=" + credentials.access_key + '/' +
                             scope(date_of(time)) + ",SignedHeaders=" + signed_names(request) +
                             ",Signature=" + signed_by);
}

std::string Signer::presigned_query(Request request, const Credentials &credentials,
                                    std::time_t now, int seconds) const {
    const std::string time = basic_time(now);
    request.sha256 = "UNSIGNED-PAYLOAD";
    request.query.emplace_back("X-Amz-Algorithm", algorithm);
    request.query.emplace_back("X-Amz-Credential",
                               credentials.access_key + '/' + scope(date_of(time)));
    request.query.emplace_back("X-Amz-Date", time);
    request.query.emplace_back("X-Amz-Expires", std::to_string(seconds));
    if (!credentials.session_token.empty()) {
        request.query.emplace_back("X-Amz-Security-Token", credentials.session_token);
    }
    request.query.emplace_back("X-Amz-SignedHeaders", signed_names(request));
    return canonical_query(request.query) +
           "&X-Amz-Signature=" + signature(request, credentials.secret_key, time);
}

} // namespace mp3conv::storage::s3
