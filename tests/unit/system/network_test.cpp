#include "daemon/system/network.hpp"

#include <doctest/doctest.h>

using namespace mp3conv::system;

namespace {

bool is_in(const char *address, const char *network) {
    return parse_network(network).value().contains(parse_ip(address).value());
}

} // namespace

TEST_CASE("an address is in a network when the network's bits are the same") {
    CHECK(is_in("10.1.2.3", "10.0.0.0/8"));
    CHECK_FALSE(is_in("11.1.2.3", "10.0.0.0/8"));
    CHECK(is_in("192.0.2.129", "192.0.2.128/25"));
    CHECK_FALSE(is_in("192.0.2.127", "192.0.2.128/25"));
    CHECK(is_in("192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(is_in("192.0.2.2", "192.0.2.1"));
    CHECK(is_in("192.0.2.1", "0.0.0.0/0"));
    CHECK(is_in("2001:db8:1::9", "2001:db8::/32"));
    CHECK_FALSE(is_in("2001:db9::9", "2001:db8::/32"));
    CHECK(is_in("2001:db8::1", "2001:db8:0:0::1"));
    CHECK_FALSE(is_in("2001:db8::1", "0.0.0.0/0"));
}

TEST_CASE("an IPv4 address that came over IPv6 is the same address") {
    CHECK(parse_ip("::ffff:192.0.2.1") == parse_ip("192.0.2.1"));
    CHECK(parse_ip("::ffff:192.0.2.1")->text() == "192.0.2.1");
    CHECK(is_in("::ffff:10.1.2.3", "10.0.0.0/8"));
    CHECK(is_in("10.1.2.3", "::ffff:10.0.0.0/104"));
}

TEST_CASE("what is no address and no network is told from one") {
    for (const char *text : {"", "localhost", "10.0.0", "10.0.0.0.0", "10.0.0.256", " 10.0.0.1",
                             "10.0.0.1:80", "[::1]", "fe80::1%eth0", "10.0.0.1 "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_ip(text));
        CHECK_FALSE(parse_network(text));
    }
    for (const char *text : {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
                             "/8", "10.0.0.0/255.0.0.0"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_network(text));
    }
}

TEST_CASE("a network is written as it is read, without the bits that do not count") {
    for (const char *text : {"10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0"}) {
        CHECK(parse_network(text)->text() == text);
    }
    CHECK(network_of(*parse_ip("2001:db8:1:2:3:4:5:6"), 64).text() == "2001:db8:1:2::/64");
    CHECK(network_of(*parse_ip("2001:db8:1:2:3:4:5:6"), 33).text() == "2001:db8::/33");
}

TEST_CASE("only this computer's own addresses are loopback") {
    CHECK(parse_ip("127.0.0.1")->is_loopback());
    CHECK(parse_ip("127.9.9.9")->is_loopback());
    CHECK(parse_ip("::1")->is_loopback());
    CHECK_FALSE(parse_ip("0.0.0.0")->is_loopback());
    CHECK_FALSE(parse_ip("::")->is_loopback());
    CHECK_FALSE(parse_ip("192.0.2.127")->is_loopback());
}

TEST_CASE("an address of a Unix socket is told from a port") {
    CHECK(unix_path("unix:/run/mp3conv.sock") == "/run/mp3conv.sock");
    CHECK(unix_address("/run/mp3conv.sock") == "unix:/run/mp3conv.sock");
    for (const char *other : {"127.0.0.1:8420", "[::1]:8420", "unix", "/unix:x", ""}) {
        CHECK_FALSE(unix_path(other));
    }
}
