#include "daemon/notify/open.hpp"

#include "common/error.hpp"
#include "daemon/notify/file_mailer.hpp"

namespace mp3conv::notify {

std::unique_ptr<Mailer> open_mailer(const SmtpServer &server, const std::filesystem::path &outbox) {
    if (server.url.empty()) return std::make_unique<FileMailer>(outbox);
    for (const char *scheme : {"smtp://", "smtps://"}) {
        if (server.url.rfind(scheme, 0) == 0) return std::make_unique<SmtpMailer>(server);
    }
    throw Error{Errc::usage, "smtp-url: '" + server.url +
                                 "' is not known; use smtp://HOST:587 or smtps://HOST:465"};
}

} // namespace mp3conv::notify
