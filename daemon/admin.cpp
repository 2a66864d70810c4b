#include "daemon/admin.hpp"

#include <chrono>
#include <httplib.h>
#include <iostream>
#include <thread>

#include "common/error.hpp"
#include "daemon/api/server/listener.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/data_dir.hpp"
#include "daemon/db/open.hpp"
#include "daemon/mail.hpp"
#include "daemon/system/network.hpp"

namespace mp3conv {
namespace {

const system::SystemClock system_clock;

/// @return whether the daemon on that folder says that it is well.
bool is_well(const std::string &url, bool ready) {
    if (url.empty()) return false;
    const auto socket = system::unix_path(url);
    httplib::Client client{socket.value_or(url)};
    if (socket) client.set_address_family(AF_UNIX);
    // The folder says that it is ours; its certificate is for the name that others know.
    client.enable_server_certificate_verification(false);
    const auto answer = client.Get(ready ? "/readyz" : "/healthz");
    return answer && answer->status == 200;
}

const char *name_of(Registration registration) {
    if (registration == Registration::open) return "open";
    return registration == Registration::invite ? "invite" : "closed";
}

} // namespace

int check_health(const Settings &settings, const HealthRequest &request) {
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::duration<double>{request.wait_s};
    while (true) {
        const std::string url = announced_url(settings.data_dir);
        if (is_well(url, request.ready)) {
            std::cout << url << '\n';
            return 0;
        }
        if (std::chrono::steady_clock::now() >= end) {
            throw Error{Errc::unreachable,
                        settings.data_dir.string() + ": no mp3convd answers for this data folder"};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

int check_config(const Settings &settings) {
    Settings settled = settings;
    const auto handed_over = api::server::take_handed_over();
    if (handed_over) settled.listen = handed_over->address;
    settle_urls(settled, url_of(settled, settled.listen));
    if (!settled.smtp_url.empty()) open_mailer(settled); // the other kind would make its folder
    std::cout << "listen         " << settled.listen
              << (handed_over ? ", of the service manager; the setting is ignored" : "")
              << "\ndata-dir       " << settings.data_dir.string() << "\ndatabase       "
              << db::shown_database(settings.database) << "\nstorage        " << settings.storage
              << "\nworkers        " << settings.workers << "\nmail           "
              << (settings.smtp_url.empty() ? (settings.data_dir / "outbox").string()
                                            : settings.smtp_url)
              << " from " << sender(settled).address << "\npublic-url     " << settled.public_url
              << "\nregistration   " << name_of(settings.registration) << '\n';
    return 0;
}

int send_test_mail(const Settings &settings, const std::string &recipient) {
    Settings settled = settings;
    settle_urls(settled, url_of(settled, settled.listen));
    const std::string to = auth::normalize_email(recipient);
    open_mailer(settled)->send(notify::compose_test(to, sender(settled), system_clock.now()), {});
    std::cout << "a letter is on its way to " << to << '\n';
    return 0;
}

int print_version() {
    std::cout << "mp3convd " << MP3CONV_VERSION << '\n';
    return 0;
}

} // namespace mp3conv
