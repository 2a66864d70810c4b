#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mp3conv::storage::s3 {

/// Names and values, in any order.
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Credentials {
    std::string access_key;
    std::string secret_key;
    std::string session_token{}; ///< of credentials that run out; empty for others
};

/// What of a request is signed.
struct Request {
    std::string method;
    std::string host;   ///< as the Host header says it, with a port that is not the scheme's
    std::string path;   ///< encoded, from the first slash on
    Pairs query{};      ///< not encoded
    Pairs headers{};    ///< their names in lower case; without `host`
    std::string sha256; ///< of the body, in hex
};

/// AWS Signature Version 4 (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests)
/// for one service of one region. Any thread may call.
class Signer {
public:
    explicit Signer(std::string region, std::string service = "s3") :
        region_{std::move(region)},
        service_{std::move(service)} {}

    /// Adds the headers x-amz-date, x-amz-content-sha256, x-amz-security-token and Authorization.
    void sign(Request &request, const Credentials &credentials, std::time_t now) const;

    /// @return the query of a URL by which anyone may do `request`, for as many seconds; S3 takes
    ///         604800 at most. The body is not signed.
    std::string presigned_query(Request request, const Credentials &credentials, std::time_t now,
                                int seconds) const;

private:
    std::string scope(std::string_view date) const;
    std::string signature(const Request &request, const std::string &secret_key,
                          const std::string &time) const;

    std::string region_;
    std::string service_;
};

/// @return "a=1&b=" of those pairs, encoded, sorted as a signature needs it.
std::string canonical_query(const Pairs &query);

/// Encodes a path but for its slashes.
std::string encode_path(std::string_view path);

} // namespace mp3conv::storage::s3
