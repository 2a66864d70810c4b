#include "daemon/api/client_address.hpp"

#include <algorithm>

#include "common/text.hpp"

namespace mp3conv::api {
namespace {

constexpr unsigned line_bits = 64;

/// @return the header's lines as one, as RFC 9110 (5.3) joins them.
std::string forwarded_for(const httplib::Request &request) {
    std::string all;
    const auto [first, last] = request.headers.equal_range("X-Forwarded-For");
    std::for_each(first, last, [&](const auto &header) { all += "," + header.second; });
    return all;
}

} // namespace

std::string client_address(const httplib::Request &request,
                           const std::vector<system::Network> &trusted_proxies) {
    const auto own = system::parse_ip(request.remote_addr);
    if (!own) return request.remote_addr;
    std::string client = own->text();
    std::string hops = forwarded_for(request);
    while (!hops.empty() && system::is_among(trusted_proxies, client)) {
        const size_t comma = hops.rfind(',');
        const auto hop = system::parse_ip(std::string{trim(hops.substr(comma + 1))});
        if (!hop) break;
        client = hop->text();
        hops.resize(comma);
    }
    return client;
}

std::string client_network(const std::string &address) {
    const auto ip = system::parse_ip(address);
    return !ip || ip->is_v4() ? address : system::network_of(*ip, line_bits).text();
}

} // namespace mp3conv::api
