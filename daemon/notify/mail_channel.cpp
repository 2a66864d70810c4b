#include "daemon/notify/mail_channel.hpp"

#include <algorithm>

namespace mp3conv::notify {
namespace {

using namespace std::chrono_literals;

constexpr auto first_pause = 1min;
constexpr int most_attempts = 125; // six in the first hour, then one an hour: five days

} // namespace

void MailChannel::deliver(const Notice &notice, const std::stop_token &stop) {
    mailer_->send(compose(notice, sender_, clock_.now()), stop);
}

std::optional<std::chrono::seconds> MailChannel::pause_after(int attempt) const {
    if (attempt >= most_attempts) return std::nullopt;
    return std::min<std::chrono::seconds>(Outbox::longest_delay,
                                          first_pause * (1 << std::min(attempt - 1, 6)));
}

} // namespace mp3conv::notify
