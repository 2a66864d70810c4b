#pragma once

#include <stop_token>
#include <string>

#include "daemon/notify/http_poster.hpp"
#include "daemon/notify/webhook_store.hpp"
#include "daemon/system/clock.hpp"
#include "daemon/system/tally.hpp"

namespace mp3conv::notify {

/// What users do with their webhooks. Any thread may call.
class Webhooks {
public:
    Webhooks(WebhookStore &store, const HttpPoster &poster, const system::Clock &clock) :
        store_{store},
        poster_{poster},
        clock_{clock} {}

    /// @return the webhook with a new key, which has taken the place of the one before.
    /// @throws Error{invalid_option} for a URL that cannot be posted to.
    Webhook set(system::UserId user, const std::string &url);

    /// @throws Error{not_found}.
    Webhook show(system::UserId user);
    /// @throws Error{not_found}.
    void remove(system::UserId user);

    /// Sends a message of no consequence, and waits for the answer; a user may do so once at a
    /// time.
    /// @return its status, a 2xx.
    /// @throws Error{not_found}, Error{rate_limited}, Error{webhook_failed} with what is wrong.
    int test(system::UserId user);

    /// Ends tests that are under way, and whatever comes.
    void stop() { stop_.request_stop(); }

private:
    WebhookStore &store_;
    const HttpPoster &poster_;
    const system::Clock &clock_;
    system::Tally<system::UserId> tests_;
    std::stop_source stop_;
};

} // namespace mp3conv::notify
