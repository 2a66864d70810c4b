#pragma once

#include <string>
#include <string_view>

namespace mp3conv::storage::s3 {

/// Where a storage's bytes are: s3://BUCKET[/PREFIX][?SETTING=VALUE&...], as mp3convd.conf(5)
/// tells.
struct Location {
    std::string bucket;
    std::string prefix;           ///< ends with a slash, unless it is empty
    std::string endpoint;         ///< https://HOST[:PORT], without a slash at its end
    std::string region;           ///< us-east-1 unless it is said
    bool is_path_style = false;   ///< ENDPOINT/BUCKET/KEY, not BUCKET.ENDPOINT/KEY
    std::string credentials_file; ///< empty for where AWS's programs look
    std::string profile;          ///< empty for theirs

    /// @return what a Host header says to reach the bucket.
    std::string host() const;
    /// @return the URL of that host.
    std::string base_url() const;
    /// @return the path of a key, encoded; of the bucket itself for an empty one.
    std::string path_of(std::string_view key) const;
};

/// @throws Error{usage} naming what is wrong.
Location parse_location(std::string_view url);

} // namespace mp3conv::storage::s3
