#pragma once

#include "daemon/notify/channel.hpp"
#include "daemon/notify/letter.hpp"
#include "daemon/notify/mailer.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::notify {

/// Writes a letter about each notice, and hands it to a mailer.
class MailChannel final : public Channel {
public:
    MailChannel(std::unique_ptr<Mailer> mailer, Sender sender, const system::Clock &clock) :
        mailer_{std::move(mailer)},
        sender_{std::move(sender)},
        clock_{clock} {}

    std::string_view item() const override { return "letter"; }

    void deliver(const Notice &notice, const std::stop_token &stop) override;

    /// A minute, then two, four and so on to an hour; five days in all (RFC 5321, 4.5.4.1).
    std::optional<std::chrono::seconds> pause_after(int attempt) const override;

    bool is_one_a_user() const override { return false; }

private:
    std::unique_ptr<Mailer> mailer_;
    Sender sender_;
    const system::Clock &clock_;
};

} // namespace mp3conv::notify
