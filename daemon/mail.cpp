#include "daemon/mail.hpp"

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/notify/open.hpp"

namespace mp3conv {

std::unique_ptr<notify::Mailer> open_mailer(const Settings &settings) {
    notify::SmtpServer server{.url = settings.smtp_url,
                              .user = settings.smtp_user,
                              .password = {},
                              .ca_file = settings.smtp_cacert,
                              .require_tls = settings.smtp_tls,
                              .timeout = settings.smtp_timeout};
    if (!settings.smtp_password_file.empty()) {
        server.password = trim(read_small_file(settings.smtp_password_file));
    }
    return notify::open_mailer(server, settings.data_dir / "outbox");
}

notify::Sender sender(const Settings &settings) {
    try {
        return {auth::normalize_email(settings.mail_from), settings.public_url};
    } catch (const Error &) {
        throw Error{Errc::usage,
                    "mail-from: '" + settings.mail_from + "' is not an address such as mp3@host"};
    }
}

} // namespace mp3conv
