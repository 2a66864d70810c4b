#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/globals.hpp"
#include "common/curl.hpp"

namespace mp3conv::cli {

struct Request {
    std::string method{"GET"};
    std::string path{}; ///< from the server's root, with its query
    std::string token{};
    std::vector<std::string> headers{};            ///< "Upload-Offset: 0", besides the usual ones
    std::string json{};                            ///< a body at hand, or
    std::function<size_t(char *, size_t)> read{};  ///< one that streams: 0 ends it
    std::optional<uint64_t> read_bytes{};          ///< its size where known
    std::function<void(std::string_view)> write{}; ///< takes a good answer's body as it comes
};

/// One connection to one server, kept between requests.
class Http {
public:
    /// With --verbose each answer leaves a line on standard error.
    explicit Http(const Globals &globals) : globals_{globals} {}

    /// @return the body of a good answer (200 to 299), empty where `write` took it.
    /// @throws Error that the server's problem document names, Error{unreachable} where there is no
    ///         whole answer, Error{interrupted} or Error{terminated} after a signal, and whatever
    ///         `read` and `write` throw.
    std::string send(const Request &request);

    /// @return of the last answer, also while its body comes.
    long status() const;

    /// @return a header of the last answer; nullopt where it has none.
    std::optional<std::string> header(const char *name) const;

    /// @return how long the last answer asks its client to wait, at most a day; 0 where it does
    /// not.
    std::chrono::seconds retry_after() const;

    /// Its address.
    const std::string &server() const { return globals_.server; }

private:
    const Globals &globals_;
    CurlLine line_;
    Curl curl_ = line_.begin(); ///< of the last request
};

} // namespace mp3conv::cli
