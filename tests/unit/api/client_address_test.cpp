#include "daemon/api/client_address.hpp"

#include <doctest/doctest.h>

using namespace mp3conv;

namespace {

std::vector<system::Network> networks(const std::vector<std::string> &texts) {
    std::vector<system::Network> found;
    for (const auto &text : texts) found.push_back(system::parse_network(text).value());
    return found;
}

/// @return whose request it is that came from `peer` with those lines of X-Forwarded-For.
std::string client(const std::string &peer, const std::vector<std::string> &lines) {
    httplib::Request request;
    request.remote_addr = peer;
    for (const auto &line : lines) request.headers.emplace("X-Forwarded-For", line);
    return api::client_address(request, networks({"10.0.0.0/8", "2001:db8:ffff::/48"}));
}

} // namespace

TEST_CASE("who is no trusted proxy speaks for itself, whatever it says") {
    CHECK(client("192.0.2.1", {}) == "192.0.2.1");
    CHECK(client("192.0.2.1", {"198.51.100.7"}) == "192.0.2.1");
    CHECK(client("192.0.2.1", {"10.0.0.1"}) == "192.0.2.1");
    httplib::Request request;
    request.remote_addr = "10.0.0.1";
    request.headers.emplace("X-Forwarded-For", "198.51.100.7");
    CHECK(api::client_address(request, {}) == "10.0.0.1");
}

TEST_CASE("the client is the first address from the right that is no trusted proxy") {
    CHECK(client("10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"192.0.2.66, 198.51.100.7"}) == "198.51.100.7"); // the left is forged
    CHECK(client("10.0.0.1", {"192.0.2.66, 198.51.100.7 ,\t10.9.9.9"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"192.0.2.66", "198.51.100.7", "10.2.0.1"}) == "198.51.100.7");
    CHECK(client("2001:db8:ffff::1", {"2001:db8:1::7"}) == "2001:db8:1::7");
    CHECK(client("::ffff:10.0.0.1", {"::ffff:198.51.100.7"}) == "198.51.100.7");
    CHECK(client("10.0.0.1", {"10.0.0.3, 10.0.0.2"}) == "10.0.0.3"); // trusted, and all there is
    CHECK(client("10.0.0.1", {}) == "10.0.0.1");
}

TEST_CASE("what is no address in X-Forwarded-For ends the search") {
    for (const char *broken : {"", "unknown", "_hidden", "198.51.100.7:4711", "[2001:db8::1]",
                               "198.51.100.7,", "198.51.100.7, ,", "1.2.3.4 5.6.7.8"}) {
        CAPTURE(broken);
        CHECK(client("10.0.0.1", {broken}) == "10.0.0.1");
        CHECK(client("10.0.0.1", {"192.0.2.66, " + std::string{broken} + ", 10.0.0.2"}) ==
              "10.0.0.2");
    }
}

TEST_CASE("an IPv6 client counts by its /64, an IPv4 client by its address") {
    CHECK(api::client_network("192.0.2.1") == "192.0.2.1");
    CHECK(api::client_network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(api::client_network("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64");
}
