#include "daemon/system/public_address.hpp"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <netinet/in.h>

namespace mp3conv::system {
namespace {

std::vector<Network> networks_of(std::initializer_list<const char *> texts) {
    std::vector<Network> networks;
    for (const char *text : texts) networks.push_back(parse_network(text).value());
    return networks;
}

} // namespace

std::optional<IpAddress> address_of(const sockaddr &address) {
    IpAddress ip;
    if (address.sa_family == AF_INET6) {
        const auto &v6 = reinterpret_cast<const sockaddr_in6 &>(address).sin6_addr;
        std::copy_n(v6.s6_addr, ip.bytes.size(), ip.bytes.begin());
        return ip;
    }
    if (address.sa_family != AF_INET) return std::nullopt;
    const auto &v4 = reinterpret_cast<const sockaddr_in &>(address).sin_addr;
    ip = parse_ip("0.0.0.0").value();
    std::memcpy(ip.bytes.data() + ip.bytes.size() - sizeof v4.s_addr, &v4.s_addr, sizeof v4.s_addr);
    return ip;
}

bool is_public(const IpAddress &address) {
    static const std::vector<Network> v4_apart = networks_of(
        {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
         "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
         "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
    // 6to4 and Teredo carry addresses of IPv4 in themselves.
    static const std::vector<Network> v6_apart =
        networks_of({"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
    static const std::vector<Network> v6_unicast = networks_of({"2000::/3"});
    if (address.is_v4()) return !is_among(v4_apart, address);
    return is_among(v6_unicast, address) && !is_among(v6_apart, address);
}

} // namespace mp3conv::system
