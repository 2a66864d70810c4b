#include "daemon/notify/webhook_message.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/base64.hpp"
#include "common/error.hpp"

namespace mp3conv::notify {
namespace {

/// @return HMAC-SHA256, in base 64.
std::string signature(const std::string &key, const std::string &text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data(),
             &size) == nullptr) {
        throw Error{Errc::internal, "the message cannot be signed"};
    }
    return base64({reinterpret_cast<const char *>(digest.data()), size});
}

} // namespace

std::string secret_text(const Webhook &webhook) {
    return "whsec_" + base64(webhook.key);
}

Post compose_message(const Webhook &webhook, const std::string &id, std::string_view type,
                     Time happened_at, const nlohmann::json &data, Time now) {
    const nlohmann::ordered_json body{
        {"type", type}, {"timestamp", format_time(happened_at)}, {"data", data}};
    const std::string text = body.dump();
    const auto seconds =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    return {webhook.url,
            {"Content-Type: application/json", "webhook-id: " + id, "webhook-timestamp: " + seconds,
             "webhook-signature: v1," + signature(webhook.key, id + "." + seconds + "." + text)},
            text};
}

} // namespace mp3conv::notify
