#include "daemon/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>

#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

namespace {

/// An environment variable for as long as the object lives.
class Variable {
public:
    Variable(const char *name, const char *value) : name_{name} { ::setenv(name, value, 1); }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable &) = delete;

private:
    const char *name_;
};

Settings parse(std::vector<std::string> arguments) {
    CLI::App app;
    Settings settings;
    add_settings(app, settings);
    std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
    app.parse(arguments);
    settle(settings);
    return settings;
}

std::string write_config(const test::TempDir &folder, const std::string &text) {
    std::ofstream{folder / "mp3convd.toml"} << text;
    return folder / "mp3convd.toml";
}

} // namespace

TEST_CASE("flags beat the environment, which beats the file, which beats the default") {
    const test::TempDir folder;
    const std::string config = write_config(folder, "workers = 3\nlisten = \"127.0.0.1:1\"\n"
                                                    "max-upload = \"1GiB\"\n");
    CHECK(parse({"--config", config}).workers == 3);
    const Variable workers{"MP3CONVD_WORKERS", "4"};
    const Variable listen{"MP3CONVD_LISTEN", "127.0.0.1:2"};
    const Settings settings = parse({"--config", config, "--listen", "127.0.0.1:3"});
    CHECK(settings.workers == 4);
    CHECK(settings.listen == "127.0.0.1:3");
    CHECK(settings.max_upload_bytes == 1ULL << 30);
    CHECK(settings.keep_mp3 == 30 * 24h);
    CHECK(settings.keep_history == 365 * 24h);
}

TEST_CASE("a daemon plays all roles, or those that are named") {
    CHECK(parse({}).plays(Role::api));
    CHECK(parse({}).plays(Role::notify));
    const Settings settings = parse({"--roles", "api,convert"});
    CHECK(settings.plays(Role::api));
    CHECK(settings.plays(Role::convert));
    CHECK_FALSE(settings.plays(Role::notify));
    const test::TempDir folder;
    const std::string config = write_config(folder, "roles = [\"notify\"]\n");
    CHECK(parse({"--config", config}).roles == std::set{Role::notify});
    CHECK_THROWS_WITH_AS(parse({"--roles", "cook"}), doctest::Contains("api|convert|notify"),
                         CLI::ValidationError);
}

TEST_CASE("a key that is not known is an error that names it") {
    const test::TempDir folder;
    const std::string config = write_config(folder, "wokers = 3\n");
    CHECK_THROWS_WITH(parse({"--config", config}), doctest::Contains("wokers"));
}

TEST_CASE("a '#' begins a comment, unless it stands between quotes") {
    const test::TempDir folder;
    const std::string config = write_config(folder, "mail-from = \"a#b@example.org\" # \"us\"\n"
                                                    "workers = 3# \"\n");
    const Settings settings = parse({"--config", config});
    CHECK(settings.mail_from == "a#b@example.org");
    CHECK(settings.workers == 3);
}

TEST_CASE("a value that makes no sense is an error that names its setting") {
    CHECK_THROWS_WITH(parse({"--max-upload", "big"}), doctest::Contains("max-upload"));
    CHECK_THROWS_WITH(parse({"--token-lifetime", "soon"}), doctest::Contains("token-lifetime"));
    CHECK_THROWS_WITH(parse({"--registration", "maybe"}), doctest::Contains("open|invite|closed"));
    CHECK_THROWS_WITH(parse({"--workers", "-1"}), doctest::Contains("workers"));
    const Variable level{"MP3CONVD_LOG_LEVEL", "loud"};
    CHECK_THROWS_WITH(parse({}), doctest::Contains("log-level"));
}

TEST_CASE("proxies are trusted one by one or by network, from each place that has settings") {
    const test::TempDir folder;
    const auto trusted = [](const std::vector<std::string> &arguments) {
        std::vector<std::string> texts;
        for (const auto &network : parse(arguments).trusted_proxies)
            texts.push_back(network.text());
        return texts;
    };
    using Texts = std::vector<std::string>;
    CHECK(trusted({}).empty());
    const Texts both{"10.0.0.0/8", "::1/128"};
    CHECK(trusted({"--trusted-proxies", "10.0.0.0/8,::1"}) == both);
    CHECK(trusted({"--trusted-proxies", "10.0.0.0/8", "--trusted-proxies", "::1"}) == both);
    const std::string config =
        write_config(folder, "trusted-proxies = [\"10.0.0.0/8\", \"::1\"]\n");
    CHECK(trusted({"--config", config}) == both);
    CHECK(trusted({"--config", config, "--trusted-proxies", "192.0.2.1"}) == Texts{"192.0.2.1/32"});
    const Variable variable{"MP3CONVD_TRUSTED_PROXIES", "192.0.2.1,192.0.2.2"};
    CHECK(trusted({"--config", config}) == Texts{"192.0.2.1/32", "192.0.2.2/32"});
    CHECK_THROWS_WITH(parse({"--trusted-proxies", "10.0.0.0/40"}),
                      doctest::Contains("trusted-proxies: '10.0.0.0/40'"));
    CHECK_THROWS_WITH(parse({"--trusted-proxies", "::1,proxy"}),
                      doctest::Contains("trusted-proxies: 'proxy'"));
}

TEST_CASE("the sandbox is required by a flag, a variable or a key, and else not") {
    const test::TempDir folder;
    CHECK_FALSE(parse({}).require_sandbox);
    CHECK(parse({"--require-sandbox"}).require_sandbox);
    CHECK(parse({"--config", write_config(folder, "require-sandbox = true\n")}).require_sandbox);
    const Variable required{"MP3CONVD_REQUIRE_SANDBOX", "true"};
    CHECK(parse({}).require_sandbox);
    CHECK_FALSE(parse({"--require-sandbox=false"}).require_sandbox);
}

TEST_CASE("a conversion's time is by its size, unless it is set") {
    CHECK(parse({}).conversion_timeout == 0s);
    CHECK(parse({"--conversion-timeout", "2h"}).conversion_timeout == 2h);
}

TEST_CASE("the data folder is systemd's, else the user's own") {
    const Variable state{"STATE_DIRECTORY", "/var/lib/mp3conv"};
    CHECK(parse({}).data_dir == "/var/lib/mp3conv");
    CHECK(parse({"--data-dir", "/srv/mp3"}).data_dir == "/srv/mp3");
    CHECK(parse({"--data-dir", "/srv/mp3"}).jwt_secret_file == "/srv/mp3/jwt-secret");
}

TEST_CASE("letters come from, and link to, where the daemon is") {
    Settings settings = parse({});
    settle_urls(settings, "http://127.0.0.1:4711");
    CHECK(settings.public_url == "http://127.0.0.1:4711");
    CHECK(settings.mail_from == "mp3conv@127.0.0.1");
    settings = parse({"--public-url", "https://mp3.example.org/"});
    settle_urls(settings, "http://127.0.0.1:4711");
    CHECK(settings.public_url == "https://mp3.example.org");
    CHECK(settings.mail_from == "mp3conv@mp3.example.org");
}

TEST_CASE("letters have a sender where the daemon listens at an address of IPv6") {
    Settings settings;
    settle_urls(settings, "http://[::1]:4711");
    CHECK(settings.mail_from == "mp3conv@localhost");
}
