#include "daemon/notify/webhook_channel.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/notify/webhook_message.hpp"

namespace mp3conv::notify {
namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 10s;
constexpr int doublings_each = 2;
constexpr int attempts_to_an_hour = 6;
constexpr int most_attempts = 77; // an hour's worth, then one an hour: three days
constexpr int gone = 410;         // Standard Webhooks: do not send to it any more

} // namespace

void require_taken(int status) {
    if (status >= 200 && status <= 299) return;
    throw Error{status == gone ? Errc::undeliverable : Errc::unreachable,
                "the webhook did not take the message: it answered " + std::to_string(status)};
}

void WebhookChannel::deliver(const Notice &notice, const std::stop_token &stop) {
    const auto webhook = store_.find(notice.user);
    if (!webhook) throw Error{Errc::undeliverable, "the webhook was removed"};
    if (!notice.file) throw Error{Errc::undeliverable, "its file is gone"};
    const FileObject &file = *notice.file;
    const auto now = clock_.now();
    const auto message = compose_message(
        *webhook, "msg_" + file.id + "_" + std::to_string(notice.id),
        file.mp3 ? "file.done" : "file.failed", file.finished_at.value_or(now), file, now);
    require_taken(poster_.post(message, stop));
}

std::optional<std::chrono::seconds> WebhookChannel::pause_after(int attempt) const {
    if (attempt >= most_attempts) return std::nullopt;
    const int doublings = doublings_each * (std::min(attempt, attempts_to_an_hour) - 1);
    return std::min<std::chrono::seconds>(Outbox::longest_delay, first_pause * (1 << doublings));
}

} // namespace mp3conv::notify
