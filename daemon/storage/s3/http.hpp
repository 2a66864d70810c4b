#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/curl.hpp"
#include "daemon/storage/s3/signer.hpp"
#include "daemon/system/guarded.hpp"

namespace mp3conv::storage::s3 {

/// A part of a local file.
struct FileRange {
    int fd = -1;
    uint64_t first = 0;
    uint64_t count = 0;
};

/// One exchange over HTTP.
struct Call {
    std::string method;
    std::string url;
    Pairs headers{};
    std::string body{};
    FileRange file{}; ///< the body, in place of `body`, where it has a descriptor
    /// Takes the body of an answer with 200 or 206; where there is none it is in Reply::body. What
    /// it throws gets out of Http::exchange; with false it ends the exchange.
    std::function<bool(std::string_view)> sink{};
};

struct Reply {
    int status = 0; ///< 0 where none came
    Pairs headers;  ///< names in lower case
    std::string body;
    std::string failure;    ///< why the exchange did not end well; empty where it did
    bool was_ended = false; ///< by the sink

    /// @return an empty text where there is none.
    std::string header(std::string_view name) const;
};

/// Connections to a few hosts, kept between exchanges. Any thread may call.
class Http {
public:
    /// @param silence after which an exchange without a byte has failed.
    Reply exchange(const Call &call, std::chrono::seconds silence);

private:
    CurlLine take();

    system::Guarded<std::vector<CurlLine>> idle_;
};

} // namespace mp3conv::storage::s3
