#pragma once

#include <filesystem>
#include <memory>

#include "daemon/notify/mailer.hpp"
#include "daemon/notify/smtp_mailer.hpp"

namespace mp3conv::notify {

/// @param server whose URL's scheme decides; an empty URL means letters as files in `outbox`.
/// @throws Error{usage} for a scheme that is not known.
std::unique_ptr<Mailer> open_mailer(const SmtpServer &server, const std::filesystem::path &outbox);

} // namespace mp3conv::notify
