#include "daemon/system/public_address.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

using namespace mp3conv::system;

TEST_CASE("a public address is one that means the same to anyone on the Internet") {
    for (const char *text : {"8.8.8.8", "100.128.0.1", "172.32.0.1", "192.167.1.1", "223.255.255.1",
                             "2606:4700::1111", "2a00::1", "2001:200::1"}) {
        CAPTURE(text);
        CHECK(is_public(parse_ip(text).value()));
    }
    for (const char *text : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "127.0.0.1",
                             "169.254.169.254",
                             "172.16.0.1",
                             "192.0.0.192",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:10.0.0.1",
                             "::127.0.0.1",
                             "64:ff9b::10.0.0.1",
                             "fe80::1",
                             "fc00::1",
                             "fd00:ec2::254",
                             "fec0::1",
                             "ff02::1",
                             "2001::1",
                             "2001:db8::1",
                             "2002:a00:1::1",
                             "3fff::1",
                             "5f00::1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(parse_ip(text).value()));
    }
}

TEST_CASE("the address that a socket is to be connected to is read as it is") {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    ::inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr);
    CHECK(address_of(reinterpret_cast<const sockaddr &>(v4))->text() == "192.0.2.7");
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    ::inet_pton(AF_INET6, "2001:db8::7", &v6.sin6_addr);
    CHECK(address_of(reinterpret_cast<const sockaddr &>(v6))->text() == "2001:db8::7");
    ::inet_pton(AF_INET6, "::ffff:192.0.2.7", &v6.sin6_addr); // the same in IPv6's clothes
    CHECK(address_of(reinterpret_cast<const sockaddr &>(v6))->text() == "192.0.2.7");
    const sockaddr local{.sa_family = AF_UNIX, .sa_data = {}};
    CHECK_FALSE(address_of(local));
}
