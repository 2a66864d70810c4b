#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mp3conv::system {

/// An address of IPv6, or one of IPv4 as IPv6 maps it (::ffff:192.0.2.1).
struct IpAddress {
    std::array<uint8_t, 16> bytes{};

    bool is_v4() const;
    bool is_loopback() const;
    /// @return "192.0.2.1" or "2001:db8::1".
    std::string text() const;

    bool operator==(const IpAddress &) const = default;
};

/// @return nullopt for what is not an address and nothing else.
std::optional<IpAddress> parse_ip(const std::string &text);

/// All addresses that begin with the same bits.
struct Network {
    IpAddress base;
    unsigned bits = 128; ///< of IPv6, so 96 more than IPv4 counts

    bool contains(const IpAddress &address) const;
    /// @return "10.0.0.0/8", "2001:db8::/32".
    std::string text() const;
};

/// @param text "10.0.0.0/8", "2001:db8::/32", or an address alone. @return nullopt for all else.
std::optional<Network> parse_network(const std::string &text);

/// @return whether the address is in one of them.
bool is_among(const std::vector<Network> &networks, const IpAddress &address);
/// The same; no text but an address is in any.
bool is_among(const std::vector<Network> &networks, const std::string &address);

/// @return the path in "unix:PATH"; nullopt for an address of another kind.
std::optional<std::string> unix_path(std::string_view address);

/// @return the address of a Unix socket, "unix:PATH".
std::string unix_address(std::string_view path);

/// @return the network of those bits that the address is in.
Network network_of(const IpAddress &address, unsigned bits);

} // namespace mp3conv::system
