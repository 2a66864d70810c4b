#include "daemon/auth/tokens.hpp"

#include <doctest/doctest.h>
#include <fstream>

#include "common/error.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const Time now{1'764'000'000'000ms};
const std::string secret(32, 's');
const auth::Claims claims{system::UserId{7}, "session", now, now + 1h};

} // namespace

TEST_CASE("a token says who it was made for") {
    const auth::Tokens tokens{{secret}};
    const auto found = tokens.verify(tokens.sign(claims), now);
    REQUIRE(found);
    CHECK(found->user == claims.user);
    CHECK(found->session == "session");
    CHECK(found->expires_at == claims.expires_at);
}

TEST_CASE("a token that was changed, or signed by someone else, is worth nothing") {
    const auth::Tokens tokens{{secret}};
    const std::string token = tokens.sign(claims);
    const std::string foreign = auth::Tokens{{std::string(32, 'x')}}.sign(claims);
    CHECK_FALSE(tokens.verify(foreign, now));
    CHECK_FALSE(tokens.verify("", now));
    CHECK_FALSE(tokens.verify("a.b.c", now));
    CHECK_FALSE(tokens.verify(token.substr(0, token.rfind('.') + 1), now));
    CHECK_FALSE(tokens.verify(token + std::string(5000, 'x'), now));
    for (size_t i = 0; i < token.size(); i += 7) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(tokens.verify(changed, now));
    }
}

TEST_CASE("the algorithm is ours to choose, not the token's") {
    const auth::Tokens tokens{{secret}};
    // {"alg":"none","typ":"JWT"} and {"iss":"mp3convd","sub":"7","jti":"session","exp":99999999999}
    const std::string header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    const std::string body =
        "eyJpc3MiOiJtcDNjb252ZCIsInN1YiI6IjciLCJqdGkiOiJzZXNzaW9uIiwiZXhwIjo5OT"
        "k5OTk5OTk5OX0";
    CHECK_FALSE(tokens.verify(header + "." + body + ".", now));
    // The same with {"alg":"HS384","typ":"JWT"}, rightly signed with the secret by openssl.
    const std::string hs384 = "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9." + body +
                              ".xnQNFt_c5i7glQIeIBRpin29hFdENIYvkWrHOvnKfWG_mIgK4DiMWctNvjtnMZmu";
    CHECK_FALSE(tokens.verify(hs384, now));
}

TEST_CASE("a link opens its file and nothing else, and a login's token is no link") {
    const auth::Tokens tokens{{secret}};
    auth::Claims of_link = claims;
    of_link.file = "k3v9";
    const std::string link = tokens.sign(of_link);
    CHECK(tokens.verify_link(link, now, "k3v9"));
    CHECK_FALSE(tokens.verify_link(link, now, "k3v8"));
    CHECK_FALSE(tokens.verify_link(link, now, ""));
    CHECK_FALSE(tokens.verify_link(link, now + 1h, "k3v9"));
    CHECK_FALSE(tokens.verify(link, now));
    CHECK_FALSE(tokens.verify_link(tokens.sign(claims), now, ""));
}

TEST_CASE("after a rotation old tokens stay good and new ones use the new secret") {
    const std::string fresh(32, 'f');
    const std::string old_token = auth::Tokens{{secret}}.sign(claims);
    const auth::Tokens rotated{{fresh, secret}};
    CHECK(rotated.verify(old_token, now));
    CHECK(auth::Tokens{{fresh}}.verify(rotated.sign(claims), now));
}

TEST_CASE("the secret is made once, for its owner's eyes only") {
    const test::TempDir folder;
    const fs::path file = folder.path() / "jwt-secret";
    const auto first = auth::load_secrets(file);
    REQUIRE(first.size() == 1);
    CHECK(first[0].size() == 64);
    CHECK((fs::status(file).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(auth::load_secrets(file) == first);

    fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    CHECK_THROWS_WITH_AS(auth::load_secrets(file), doctest::Contains("chmod 600"), Error);
}

TEST_CASE("a secret that could be guessed is refused") {
    CHECK_THROWS_AS(auth::Tokens{{"short"}}, Error);
    CHECK_THROWS_AS(auth::Tokens{std::vector<std::string>{}}, Error);
}
