#include "daemon/system/network.hpp"

#include <algorithm>
#include <arpa/inet.h>

#include "common/units.hpp"

namespace mp3conv::system {
namespace {

constexpr std::string_view unix_scheme = "unix:";

constexpr unsigned all_bits = 128;
constexpr std::array<uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}; // RFC 4291
constexpr unsigned v4_prefix_bits = 96;

} // namespace

bool IpAddress::is_v4() const {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

bool IpAddress::is_loopback() const {
    return is_v4() ? bytes[v4_prefix.size()] == 127 : *this == parse_ip("::1");
}

std::string IpAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const uint8_t *from = is_v4() ? bytes.data() + v4_prefix.size() : bytes.data();
    ::inet_ntop(is_v4() ? AF_INET : AF_INET6, from, text.data(), text.size());
    return text.data();
}

std::optional<IpAddress> parse_ip(const std::string &text) {
    IpAddress address;
    if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
    if (::inet_pton(AF_INET, text.c_str(), address.bytes.data() + v4_prefix.size()) == 1) {
        return address;
    }
    return std::nullopt;
}

bool Network::contains(const IpAddress &address) const {
    return network_of(address, bits).base == network_of(base, bits).base;
}

std::string Network::text() const {
    const bool is_v4 = base.is_v4() && bits >= v4_prefix_bits;
    return base.text() + "/" + std::to_string(is_v4 ? bits - v4_prefix_bits : bits);
}

bool is_among(const std::vector<Network> &networks, const IpAddress &address) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const Network &network) { return network.contains(address); });
}

bool is_among(const std::vector<Network> &networks, const std::string &address) {
    const auto ip = parse_ip(address);
    return ip && is_among(networks, *ip);
}

std::optional<Network> parse_network(const std::string &text) {
    const size_t slash = text.find('/');
    const auto base = parse_ip(text.substr(0, slash));
    if (!base) return std::nullopt;
    const unsigned unsaid = text.find(':') == std::string::npos ? v4_prefix_bits : 0;
    if (slash == std::string::npos) return Network{*base};
    const auto bits = parse_number(text.substr(slash + 1));
    if (!bits || *bits > all_bits - unsaid) return std::nullopt;
    return Network{*base, unsaid + static_cast<unsigned>(*bits)};
}

Network network_of(const IpAddress &address, unsigned bits) {
    Network network{address, bits};
    for (unsigned i = 0; i < network.base.bytes.size(); ++i) {
        const unsigned kept = std::clamp(bits, 8 * i, 8 * i + 8) - 8 * i;
        network.base.bytes.at(i) &= static_cast<uint8_t>(0xff00U >> kept);
    }
    return network;
}

std::optional<std::string> unix_path(std::string_view address) {
    if (!address.starts_with(unix_scheme)) return std::nullopt;
    return std::string{address.substr(unix_scheme.size())};
}

std::string unix_address(std::string_view path) {
    return std::string{unix_scheme}.append(path);
}

} // namespace mp3conv::system
