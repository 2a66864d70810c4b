#include "daemon/storage/s3/location.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/storage/s3/signer.hpp"

namespace mp3conv::storage::s3 {
namespace {

constexpr std::string_view scheme = "s3://";

[[noreturn]] void refuse(const std::string &why) {
    throw Error{Errc::usage, "storage: " + why};
}

std::string variable(const char *name) {
    const char *value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string{value};
}

/// What AWS's programs go by, too.
std::string region_of_environment() {
    for (const char *name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
        if (auto region = variable(name); !region.empty()) return region;
    }
    return "us-east-1";
}

struct Setting {
    std::string_view name;
    void (*set)(Location &, std::string_view value);
};

void set_style(Location &location, std::string_view value) {
    if (value != "path" && value != "host") refuse("style is path or host");
    location.is_path_style = value == "path";
}

constexpr std::array settings{
    Setting{"endpoint", [](Location &to, std::string_view value) { to.endpoint = value; }},
    Setting{"region", [](Location &to, std::string_view value) { to.region = value; }},
    Setting{"style", set_style},
    Setting{"credentials",
            [](Location &to, std::string_view value) { to.credentials_file = value; }},
    Setting{"profile", [](Location &to, std::string_view value) { to.profile = value; }},
};

/// @return the text before `end`, which is taken off `rest` together with it.
std::string_view take_until(std::string_view &rest, char end) {
    const size_t at = std::min(rest.find(end), rest.size());
    const std::string_view text = rest.substr(0, at);
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return text;
}

void apply(Location &location, std::string_view pair) {
    const std::string_view name = take_until(pair, '=');
    const auto is_named = [name](const Setting &setting) { return setting.name == name; };
    const auto *const known = std::find_if(settings.begin(), settings.end(), is_named);
    if (known == settings.end()) refuse("'" + std::string{name} + "' is not known in an s3:// URL");
    known->set(location, pair);
}

/// A bucket's name as S3 gives it out, which is safe in a host and a path.
bool is_bucket(std::string_view name) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    return name.size() >= 3 && name.size() <= 63 &&
           name.find_first_not_of(allowed) == std::string_view::npos;
}

void check_endpoint(std::string &endpoint) {
    while (endpoint.ends_with('/')) endpoint.pop_back();
    const bool has_scheme = endpoint.starts_with("http://") || endpoint.starts_with("https://");
    const std::string_view usual = endpoint.starts_with("https") ? ":443" : ":80";
    if (endpoint.ends_with(usual)) endpoint.resize(endpoint.size() - usual.size());
    if (!has_scheme || std::count(endpoint.begin(), endpoint.end(), '/') != 2) {
        refuse("endpoint is to be http:// or https://, a host and maybe a port");
    }
}

} // namespace

std::string Location::host() const {
    const std::string authority = endpoint.substr(endpoint.find("://") + 3);
    return is_path_style ? authority : bucket + '.' + authority;
}

std::string Location::base_url() const {
    return endpoint.substr(0, endpoint.find("://") + 3) + host();
}

std::string Location::path_of(std::string_view key) const {
    const std::string path = '/' + encode_path(key);
    return is_path_style ? '/' + bucket + (key.empty() ? "" : path) : path;
}

Location parse_location(std::string_view url) {
    Location location;
    url.remove_prefix(scheme.size());
    std::string_view rest = take_until(url, '?');
    location.bucket = take_until(rest, '/');
    if (!is_bucket(location.bucket)) {
        refuse("'" + printable(location.bucket) + "' is no name of a bucket");
    }
    location.prefix = rest;
    if (!location.prefix.empty() && !location.prefix.ends_with('/')) location.prefix += '/';
    location.region = region_of_environment();
    // Names of others' servers seldom have one for each bucket; a certificate has none for dots.
    const bool is_elsewhere = url.find("endpoint=") != std::string_view::npos;
    location.is_path_style = is_elsewhere || location.bucket.find('.') != std::string::npos;
    while (!url.empty()) apply(location, take_until(url, '&'));
    if (location.endpoint.empty())
        location.endpoint = "https://s3." + location.region + ".amazonaws.com";
    check_endpoint(location.endpoint);
    return location;
}

} // namespace mp3conv::storage::s3
