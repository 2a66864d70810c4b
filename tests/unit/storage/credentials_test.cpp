#include "daemon/storage/s3/credentials.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <httplib.h>
#include <map>
#include <thread>

#include "common/error.hpp"
#include "common/units.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;
using namespace storage::s3;

namespace {

/// Variables of the environment for as long as the object lives, without those of whoever tests.
class Environment {
public:
    explicit Environment(const std::map<std::string, std::string> &set) {
        for (const char *name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                                 "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "HOME",
                                 "AWS_EC2_METADATA_SERVICE_ENDPOINT"}) {
            if (const char *value = std::getenv(name)) before_[name] = value;
            ::unsetenv(name);
        }
        for (const auto &[name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Environment() {
        ::unsetenv("AWS_ACCESS_KEY_ID");
        ::unsetenv("AWS_SHARED_CREDENTIALS_FILE");
        ::unsetenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        for (const auto &[name, value] : before_) ::setenv(name.c_str(), value.c_str(), 1);
    }
    Environment(const Environment &) = delete;

private:
    std::map<std::string, std::string> before_;
};

/// What a virtual machine of AWS asks for its role: no machine here has one.
class Metadata {
public:
    explicit Metadata(std::chrono::seconds validity) : validity_{validity} {
        server_.Put("/latest/api/token", [](const auto &request, auto &response) {
            if (request.has_header("x-aws-ec2-metadata-token-ttl-seconds")) {
                response.set_content("session", "text/plain");
            }
        });
        const std::string roles = "/latest/meta-data/iam/security-credentials/";
        server_.Get(roles, [](const auto &request, auto &response) {
            if (is_in_session(request, response)) response.set_content("converter\n", "text/plain");
        });
        server_.Get(roles + "converter", [this](const auto &request, auto &response) {
            if (!is_in_session(request, response)) return;
            const std::string count = std::to_string(++asked);
            const auto until =
                std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
                validity_;
            response.set_content(R"({"AccessKeyId": "key)" + count +
                                     R"(", "SecretAccessKey": "secret", "Token": "token",
                                        "Expiration": ")" +
                                     format_time(until) + "\"}",
                                 "text/plain");
        });
        port_ = server_.bind_to_any_port("127.0.0.1");
        thread_ = std::jthread{[this] { server_.listen_after_bind(); }};
    }
    ~Metadata() { server_.stop(); }
    Metadata(const Metadata &) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    std::atomic<int> asked = 0;

private:
    static bool is_in_session(const httplib::Request &request, httplib::Response &response) {
        if (request.get_header_value("x-aws-ec2-metadata-token") == "session") return true;
        response.status = 401;
        return false;
    }

    std::chrono::seconds validity_;
    httplib::Server server_;
    int port_ = 0;
    std::jthread thread_;
};

void write(const std::string &path, const std::string &text) {
    std::ofstream{path} << text;
}

} // namespace

TEST_CASE("keys in the environment go before a file, and a file that is named before both") {
    const TempDir home;
    Http http;
    std::filesystem::create_directory(home / ".aws");
    write(home / ".aws/credentials", "[default]\naws_access_key_id = of-home\n"
                                     "aws_secret_access_key = secret\n");
    write(home / "named", "[default]\naws_access_key_id = of-named\naws_secret_access_key=s\n"
                          "[other]\naws_access_key_id=of-other\naws_secret_access_key=t=u\n"
                          "aws_session_token=v\n");
    {
        const Environment only_home{{{"HOME", home.path()}}};
        CHECK(open_credentials("", "", http)->get().access_key == "of-home");
    }
    const Environment all{{{"HOME", home.path()},
                           {"AWS_ACCESS_KEY_ID", "of-environment"},
                           {"AWS_SECRET_ACCESS_KEY", "secret"}}};
    CHECK(open_credentials("", "", http)->get().access_key == "of-environment");
    CHECK(open_credentials(home / "named", "", http)->get().access_key == "of-named");
    const auto other = open_credentials(home / "named", "other", http)->get();
    CHECK(other.access_key == "of-other");
    CHECK(other.secret_key == "t=u");
    CHECK(other.session_token == "v");
    CHECK_THROWS_AS(open_credentials(home / "named", "none", http)->get(), Error);
}

TEST_CASE("keys that are changed in their file are used from the next request on") {
    const TempDir folder;
    Http http;
    write(folder / "keys", "[default]\naws_access_key_id=old\naws_secret_access_key=s\n");
    const auto source = open_credentials(folder / "keys", "", http);
    CHECK(source->get().access_key == "old");
    write(folder / "keys", "[default]\naws_access_key_id=new\naws_secret_access_key=s\n");
    CHECK(source->get().access_key == "new");
}

TEST_CASE("a virtual machine's role gives keys, which are asked for again before they run out") {
    Metadata lasting{std::chrono::hours{1}};
    Metadata passing{std::chrono::minutes{4}};
    Http http;
    for (Metadata *metadata : {&lasting, &passing}) {
        const Environment environment{
            {{"HOME", "/nonexistent"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata->url()}}};
        const auto source = open_credentials("", "", http);
        CHECK(source->get().access_key == "key1");
        CHECK(source->get().session_token == "token");
    }
    CHECK(lasting.asked == 1);
    CHECK(passing.asked == 2);
}
