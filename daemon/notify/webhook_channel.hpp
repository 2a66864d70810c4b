#pragma once

#include "daemon/notify/channel.hpp"
#include "daemon/notify/http_poster.hpp"
#include "daemon/notify/webhook_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::notify {

/// Posts each notice to its user's webhook.
class WebhookChannel final : public Channel {
public:
    WebhookChannel(WebhookStore &store, const HttpPoster &poster, const system::Clock &clock) :
        store_{store},
        poster_{poster},
        clock_{clock} {}

    std::string_view item() const override { return "webhook message"; }

    void deliver(const Notice &notice, const std::stop_token &stop) override;

    /// Ten seconds, then four times as long each time, to an hour; three days in all.
    std::optional<std::chrono::seconds> pause_after(int attempt) const override;

    bool is_one_a_user() const override { return true; }

private:
    WebhookStore &store_;
    const HttpPoster &poster_;
    const system::Clock &clock_;
};

/// @param status of an answer to a message.
/// @throws Error{undeliverable} where no other attempt will succeed (410), Error{unreachable}
///         where one may (all else but 2xx).
void require_taken(int status);

} // namespace mp3conv::notify
