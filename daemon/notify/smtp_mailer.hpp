#pragma once

#include <chrono>
#include <string>

#include "daemon/notify/mailer.hpp"

namespace mp3conv::notify {

/// A mail server and how to talk to it.
struct SmtpServer {
    std::string url;  ///< smtp://HOST:PORT or smtps://HOST:PORT
    std::string user; ///< empty: no AUTH
    std::string password;
    std::string ca_file;     ///< PEM; empty: the system's certificate authorities
    bool require_tls = true; ///< whether smtp:// must become TLS by STARTTLS before anything else
    /// How long a letter may take, from the connection on.
    std::chrono::seconds timeout{std::chrono::minutes{10}};
};

/// Sends through an SMTP server with libcurl.
class SmtpMailer final : public Mailer {
public:
    explicit SmtpMailer(SmtpServer server) : server_{std::move(server)} {}

    /// @throws Error{undeliverable} where the server will never take this letter (a reply of 550 or
    ///         above: RFC 5321, 4.2.3 keeps those for the mailbox and the letter; lower ones are
    ///         about the conversation, which an administrator can mend), Error{unreachable} for
    ///         everything else.
    void send(const Letter &letter, const std::stop_token &stop) override;

private:
    SmtpServer server_;
};

} // namespace mp3conv::notify
