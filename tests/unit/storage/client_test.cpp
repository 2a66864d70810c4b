#include "daemon/storage/s3/client.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <thread>

#include "common/error.hpp"
#include "tests/unit/support/s3_server.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace storage::s3;

namespace {

/// @return a local file of those bytes.
Fd file_of(const TempDir &folder, const std::string &bytes) {
    const Fd file = open_file(folder / "bytes", O_RDWR | O_CREAT | O_TRUNC);
    write_all(file.get(), bytes, "bytes");
    return open_file(folder / "bytes", O_RDONLY);
}

std::string read(Client &client, const std::string &key, uint64_t first, uint64_t count) {
    std::string text;
    client.get(key, first, count, [&](std::string_view bytes) {
        text += bytes;
        return true;
    });
    return text;
}

std::string refusal_of(const std::string &url) {
    try {
        Client{parse_location(url)}.check();
        return "none";
    } catch (const Error &e) {
        return e.cause();
    }
}

std::string write_credentials(const TempDir &folder, const std::string &text) {
    std::ofstream{folder / "credentials"} << text;
    return folder / "credentials";
}

} // namespace

TEST_CASE("S3 takes keys that need encoding, and gives back what they were given") {
    const TempDir folder;
    Client client{parse_location(S3Server::shared().url())};
    const std::string key = client.location().prefix + "a/b c+ü%&=~.mp4";
    CHECK_FALSE(client.size_of(key));
    client.put(key, {file_of(folder, "hello world").get(), 0, 11});
    CHECK(client.size_of(key) == 11);
    CHECK(read(client, key, 6, 5) == "world");
    std::vector<std::string> keys;
    client.each_object(client.location().prefix, [&](const Object &o) { keys.push_back(o.key); });
    CHECK(keys == std::vector<std::string>{key});
    client.remove(key);
    client.remove(key);
    CHECK_FALSE(client.size_of(key));
}

TEST_CASE("an upload that was completed can be completed again by who does not know it") {
    const TempDir folder;
    Client client{parse_location(S3Server::shared().url())};
    const std::string key = client.location().prefix + "large";
    const auto id = client.begin_upload(key);
    const Fd bytes = file_of(folder, std::string(5 << 20, 'x') + "end");
    const std::vector parts{client.put_part(key, id, 1, {bytes.get(), 0, 5 << 20}),
                            client.put_part(key, id, 2, {bytes.get(), 5 << 20, 3})};
    CHECK(client.parts(key, id).size() == 2);
    client.complete(key, id, parts);
    client.complete(key, id, parts);
    CHECK(read(client, key, (5 << 20) - 1, 4) == "xend");
    CHECK(client.parts(key, id).empty());
}

TEST_CASE("what came in parts can be let go of") {
    const TempDir folder;
    Client client{parse_location(S3Server::shared().url())};
    const std::string key = client.location().prefix + "large";
    const auto id = client.begin_upload(key);
    client.put_part(key, id, 1, {file_of(folder, "x").get(), 0, 1});
    const auto count = [&] {
        int uploads = 0;
        client.each_upload(client.location().prefix, [&](const Upload &) { ++uploads; });
        return uploads;
    };
    CHECK(count() == 1);
    client.abort(key, id);
    client.abort(key, id);
    CHECK(count() == 0);
}

TEST_CASE("anyone can read by a link, under the name and type that it says") {
    const TempDir folder;
    Client client{parse_location(S3Server::shared().url())};
    const std::string key = client.location().prefix + "talk.mp3";
    client.put(key, {file_of(folder, "hello").get(), 0, 5});
    const auto link =
        client.link(key,
                    {{"response-content-type", "audio/mpeg"},
                     {"response-content-disposition", "attachment; filename=\"a b\""}},
                    std::chrono::minutes{1});
    Http http;
    const Reply reply = http.exchange({.method = "GET", .url = link}, std::chrono::seconds{30});
    CHECK(reply.status == 200);
    CHECK(reply.body == "hello");
    CHECK(reply.header("content-disposition") == "attachment; filename=\"a b\"");
    CHECK(http.exchange({.method = "GET", .url = link + "0"}, std::chrono::seconds{30}).status ==
          403);
}

TEST_CASE("S3's refusals are told in words") {
    const auto &server = S3Server::shared();
    const TempDir folder;
    const auto wrong_secret = write_credentials(
        folder, "[default]\naws_access_key_id=testkey\naws_secret_access_key = wrong\n");
    CHECK(refusal_of(server.url()) == "none");
    CHECK(refusal_of(server.url_with(wrong_secret)).find("the secret key is wrong") !=
          std::string::npos);
    CHECK(refusal_of(server.url_with(wrong_secret) + "&profile=other").find("[other]") !=
          std::string::npos);
    const auto wrong_key = write_credentials(
        folder, "[default]\naws_access_key_id=other\naws_secret_access_key=wrong\n");
    CHECK(refusal_of(server.url_with(wrong_key)).find("does not know the access key") !=
          std::string::npos);
    std::string elsewhere = server.url();
    elsewhere.replace(elsewhere.find("bucket"), 6, "nobucket");
    CHECK(refusal_of(elsewhere).find("there is no such bucket") != std::string::npos);
    CHECK(refusal_of("s3://bucket?endpoint=http://127.0.0.1:1&credentials=" + server.credentials())
              .find("cannot be reached") != std::string::npos);
}

TEST_CASE("a gateway that dies and comes back costs nothing but time") {
    auto &server = S3Server::shared();
    const TempDir folder;
    Client client{parse_location(server.url())};
    const std::string key = client.location().prefix + "talk";
    const Fd bytes = file_of(folder, std::string(1 << 20, 'x'));
    server.kill();
    std::jthread put{[&] { client.put(key, {bytes.get(), 0, 1 << 20}); }};
    server.start();
    put.join();
    CHECK(client.size_of(key) == 1 << 20);
    uint64_t got = 0;
    client.get(key, 0, 1 << 20, [&](std::string_view piece) {
        if (got == 0) { // in the middle of what is read
            server.kill();
            server.start();
        }
        got += piece.size();
        return true;
    });
    CHECK(got == 1 << 20);
}
