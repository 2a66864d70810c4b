// A token: what we have not signed is worth nothing, and one that we have, whatever it says, is
// worth no more than its claims. What a fuzzer cannot do, to sign, is done for it.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/base64.hpp"
#include "common/text.hpp"
#include "daemon/auth/tokens.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

namespace {

const std::string secret(32, 's');
const auth::Tokens tokens{{std::string(32, 'f'), secret}};
const Time now{std::chrono::seconds{1'764'000'000}};

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text.substr(0, text.find('='));
}

std::string sign(std::string_view header, std::string_view claims) {
    const std::string text = base64url(header) + "." + base64url(claims);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data(), &size);
    return text + "." + base64url({reinterpret_cast<const char *>(digest.data()), size});
}

/// @return that member of a JSON object, as another library reads it; empty where it has no such.
std::string member(std::string_view object, const char *name) {
    const auto json = nlohmann::json::parse(object, nullptr, false);
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name] : "";
}

/// A header and claims, a line each, rightly signed.
void look_at_signed(std::string_view input) {
    const std::string_view header = fuzz::take_line(input);
    const auto claims = tokens.verify(sign(header, input), now);
    if (!claims) return;
    fuzz::require(ascii_lower(member(header, "alg")) == "hs256", "the algorithm is ours");
    fuzz::require(member(input, "iss") == "mp3convd", "the issuer is us");
    fuzz::require(claims->expires_at > now, "a token ends");
    fuzz::require(static_cast<int64_t>(claims->user) >= 0, "users are numbered from 0 on");

    const auto again = tokens.verify(tokens.sign(*claims), now);
    fuzz::require(again && again->user == claims->user && again->session == claims->session &&
                      again->issued_at == claims->issued_at &&
                      again->expires_at == claims->expires_at,
                  "claims come over");
}

void look(std::string_view input) {
    fuzz::require(!tokens.verify(std::string{input}, now), "what we have not signed is no token");
    look_at_signed(input);
}

const fuzz::Target target{"jwt", look};

} // namespace
