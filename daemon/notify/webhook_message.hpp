#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "daemon/notify/http_poster.hpp"
#include "daemon/notify/webhook_store.hpp"

namespace mp3conv::notify {

/// @return the key as users get it: "whsec_" and base 64.
std::string secret_text(const Webhook &webhook);

/// A signed message.
/// @param id the same for every attempt; without a full stop.
/// @param type such as "file.done".
/// @param happened_at when what it tells of did.
/// @param now the time of this attempt: receivers refuse old ones.
/// @source Standard Webhooks, specification 1.0.0 (standardwebhooks.com).
Post compose_message(const Webhook &webhook, const std::string &id, std::string_view type,
                     Time happened_at, const nlohmann::json &data, Time now);

} // namespace mp3conv::notify
