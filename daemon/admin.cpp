#include "daemon/admin.hpp"

#include <chrono>
#include <fcntl.h>
#include <httplib.h>
#include <iostream>
#include <thread>
#include <unistd.h>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/units.hpp"
#include "daemon/api/server/listener.hpp"
#include "daemon/auth/auth.hpp"
#include "daemon/auth/email.hpp"
#include "daemon/auth/password.hpp"
#include "daemon/data_dir.hpp"
#include "daemon/db/open.hpp"
#include "daemon/mail.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/network.hpp"

namespace mp3conv {
namespace {

namespace log = system::log;

const system::SystemClock system_clock;

std::unique_ptr<db::Database> open_rows(const Settings &settings) {
    std::error_code error;
    std::filesystem::create_directories(settings.data_dir, error);
    return db::open_database(settings.database, settings.data_dir, system_clock);
}

auth::User require_user(db::Database &rows, const std::string &email) {
    const auto user = rows.users().find(auth::normalize_email(email));
    if (!user) throw Error{Errc::not_found, email + ": there is no such account"};
    return *user;
}

/// @return the first line, without its end.
std::string read_password(const std::string &file) {
    std::string password;
    if (file == "-") {
        std::getline(std::cin, password);
    } else {
        password = read_small_file(file);
        password.resize(std::min(password.size(), password.find('\n')));
    }
    auth::check_password(password);
    return password;
}

/// An act of the administrator, for whoever has to find out afterwards.
void audit(std::string_view what, const std::string &email) {
    log::info(what, {{"email", log::mask_email(email)}, {"uid", std::to_string(::getuid())}});
}

int add_user(const Settings &settings, const UserRequest &request) {
    const auto rows = open_rows(settings);
    const auth::Tokens unused{{std::string(32, '-')}};
    auth::Auth auth{rows->users(), rows->sessions(), rows->attempts(), unused, system_clock, {}};
    auth.add_user(request.email, read_password(request.password_file));
    audit("account added", request.email);
    std::cout << auth::normalize_email(request.email) << '\n';
    return 0;
}

int list_users(const Settings &settings, const UserRequest &) {
    for (const auto &user : open_rows(settings)->users().list()) {
        std::cout << user.email << '\t' << (user.disabled ? "disabled" : "enabled") << '\t'
                  << format_time(user.created_at) << '\n';
    }
    return 0;
}

int disable_user(const Settings &settings, const UserRequest &request) {
    const auto rows = open_rows(settings);
    const auto user = require_user(*rows, request.email);
    rows->users().set_disabled(user.id, true);
    audit("account disabled", user.email);
    return 0;
}

int enable_user(const Settings &settings, const UserRequest &request) {
    const auto rows = open_rows(settings);
    const auto user = require_user(*rows, request.email);
    rows->users().set_disabled(user.id, false);
    rows->attempts().clear(user.email);
    audit("account enabled", user.email);
    return 0;
}

int set_password(const Settings &settings, const UserRequest &request) {
    const auto rows = open_rows(settings);
    const auto user = require_user(*rows, request.email);
    rows->users().set_password(user.id, auth::hash_password(read_password(request.password_file)));
    rows->sessions().end_all(user.id);
    rows->attempts().clear(user.email);
    audit("password set", user.email);
    return 0;
}

int remove_user(const Settings &settings, const UserRequest &request) {
    const auto rows = open_rows(settings);
    const auto user = require_user(*rows, request.email);
    rows->users().remove(user.id);
    audit("account removed", user.email);
    return 0;
}

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

} // namespace

const std::vector<UserCommand> &user_commands() {
    static const std::vector<UserCommand> commands{
        {"add", "make an account", true, true, add_user},
        {"list", "list the accounts", false, false, list_users},
        {"disable", "end an account's logins and refuse new ones", true, false, disable_user},
        {"enable", "undo disable", true, false, enable_user},
        {"password", "set a password, and end all logins", true, true, set_password},
        {"rm", "remove an account with all of its files", true, false, remove_user},
    };
    return commands;
}

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
              << settings.database << "\nstorage        " << settings.storage << "\nworkers        "
              << settings.workers << "\nmail           "
              << (settings.smtp_url.empty() ? (settings.data_dir / "outbox").string()
                                            : settings.smtp_url)
              << " from " << sender(settled).address << "\npublic-url     " << settled.public_url
              << "\nregistration   " << (settings.registration_open ? "open" : "closed") << '\n';
    return 0;
}

int migrate(const Settings &settings) {
    open_rows(settings);
    std::cout << "the database is up to date\n";
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
