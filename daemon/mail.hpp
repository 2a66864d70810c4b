#pragma once

#include <memory>

#include "daemon/notify/mailer.hpp"
#include "daemon/settings.hpp"

namespace mp3conv {

/// @return what the settings make of the outbox: a mail server, or a folder of files.
/// @throws Error{usage} where the settings make no sense, Error{local_file} where a file that they
///         name cannot be read.
std::unique_ptr<notify::Mailer> open_mailer(const Settings &settings);

/// @param settings after settle_urls(). @throws Error{usage} where `mail-from` is no address.
notify::Sender sender(const Settings &settings);

} // namespace mp3conv
