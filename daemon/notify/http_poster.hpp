#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "daemon/system/network.hpp"

namespace mp3conv::notify {

/// A request to an address that a user gave.
struct Post {
    std::string url;
    std::vector<std::string> headers; ///< "Name: value"
    std::string body;                 ///< JSON
};

/// Posts to addresses that strangers choose. It connects to public addresses only, beside those
/// that an administrator allows: what counts is the address that a connection goes to, whatever
/// name led there. http:// goes to allowed ones only. Nothing is followed anywhere else, and an
/// answer is bounded in time and size.
class HttpPoster {
public:
    static constexpr size_t most_answer_bytes = 65536; ///< head and body

    /// @param allowed where it may connect to, beside public addresses.
    /// @param most_time for one post, in all.
    explicit HttpPoster(std::vector<system::Network> allowed,
                        std::chrono::seconds most_time = std::chrono::seconds{15}) :
        allowed_{std::move(allowed)},
        most_time_{most_time} {}

    /// @throws Error{invalid_option} for what is no address that it can post to.
    void check(const std::string &url) const;

    /// Any thread may call. A stop request ends it with an Error, within a second.
    /// @return the status of the answer; 3xx is one like any other.
    /// @throws Error{unreachable} where there is no answer.
    int post(const Post &post, const std::stop_token &stop) const;

private:
    std::vector<system::Network> allowed_;
    std::chrono::seconds most_time_;
};

} // namespace mp3conv::notify
