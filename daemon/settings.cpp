#include "daemon/settings.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <thread>

#include "common/choice.hpp"
#include "common/environment_first.hpp"
#include "common/error.hpp"
#include "common/units.hpp"
#include "daemon/system/service_manager.hpp"

namespace mp3conv {
namespace {

namespace fs = std::filesystem;

constexpr const char *default_config = "/etc/mp3conv/mp3convd.toml";

/// Adds `--name` with its environment variable MP3CONVD_NAME.
template <typename T>
CLI::Option *add(CLI::App &app, const std::string &name, T &value, const std::string &help) {
    return app.add_option("--" + name, value, help)
        ->envname(variable_name("MP3CONVD", name))
        ->capture_default_str()
        ->group("Settings");
}

CLI::Option *add_parsed(CLI::App &app, const std::string &name,
                        const std::function<void(const std::string &)> &parse,
                        const std::string &help, const std::string &shown_default) {
    return app.add_option_function<std::string>("--" + name, parse, help)
        ->envname(variable_name("MP3CONVD", name))
        ->default_str(shown_default)
        ->group("Settings");
}

void add_size(CLI::App &app, const std::string &name, uint64_t &bytes, const std::string &help,
              const std::string &shown_default) {
    const auto parse = [name, &bytes](const std::string &text) {
        const auto size = parse_size(text);
        if (!size) throw CLI::ValidationError{name, "'" + text + "' is not a size such as 8GiB"};
        bytes = *size;
    };
    add_parsed(app, name, parse, help, shown_default)->type_name("SIZE");
}

void add_duration(CLI::App &app, const std::string &name, std::chrono::seconds &duration,
                  const std::string &help, const std::string &shown_default) {
    const auto parse = [name, &duration](const std::string &text) {
        const auto value = parse_duration(text);
        if (!value) throw CLI::ValidationError{name, "'" + text + "' is not a time such as 30d"};
        duration = *value;
    };
    add_parsed(app, name, parse, help, shown_default)->type_name("TIME");
}

void add_switch(CLI::App &app, const std::string &name, bool &value, const std::string &help) {
    app.add_flag("--" + name, value, help)
        ->envname(variable_name("MP3CONVD", name))
        ->group("Settings");
}

template <typename T>
void add_choice(CLI::App &app, const std::string &name, T &value, const Choices<T> &choices,
                const std::string &help) {
    add_parsed(app, name, choose(name, value, choices), help, choices.front().first)
        ->type_name(names_of(choices));
}

void add_networks(CLI::App &app, const std::string &name, std::vector<system::Network> &networks,
                  const std::string &help) {
    const auto parse = [name, &networks](const std::vector<std::string> &texts) {
        networks.clear();
        for (const auto &text : texts) {
            const auto network = system::parse_network(text);
            if (!network) {
                throw CLI::ValidationError{
                    name, "'" + text + "' is not an address, or a network such as 10.0.0.0/8"};
            }
            networks.push_back(*network);
        }
    };
    app.add_option_function<std::vector<std::string>>("--" + name, parse, help)
        ->envname(variable_name("MP3CONVD", name))
        ->delimiter(',')
        ->allow_extra_args(false) // a command may follow
        ->type_name("NETWORK,...")
        ->group("Settings");
}

void add_roles(CLI::App &app, std::set<Role> &roles) {
    static const Choices<Role> known{
        {"api", Role::api}, {"convert", Role::convert}, {"notify", Role::notify}};
    const auto parse = [&roles](const std::vector<std::string> &names) {
        roles.clear();
        for (const auto &name : names) {
            Role role{};
            choose("roles", role, known)(name);
            roles.insert(role);
        }
    };
    app.add_option_function<std::vector<std::string>>(
           "--roles", parse, "which of api, convert and notify this daemon plays")
        ->envname(variable_name("MP3CONVD", "roles"))
        ->delimiter(',')
        ->allow_extra_args(false) // a command may follow
        ->default_str("api,convert,notify")
        ->type_name("ROLE,...")
        ->group("Settings");
}

void add_mail_settings(CLI::App &app, Settings &settings) {
    add(app, "smtp-url", settings.smtp_url,
        "smtp://HOST:587 or smtps://HOST:465; without it letters become files in DATA-DIR/outbox");
    add(app, "smtp-user", settings.smtp_user, "log in to the mail server as");
    add(app, "smtp-password-file", settings.smtp_password_file, "file with its password");
    add(app, "smtp-cacert", settings.smtp_cacert, "trust this certificate authority (PEM)");
    add_choice<bool>(app, "smtp-tls", settings.smtp_tls, {{"required", true}, {"off", false}},
                     "whether smtp:// needs STARTTLS");
    add_duration(app, "smtp-timeout", settings.smtp_timeout,
                 "how long the mail server may take for a letter", "10m");
    add(app, "mail-from", settings.mail_from, "sender of the letters");
    add(app, "public-url", settings.public_url, "where users reach the daemon, for links");
    add_networks(app, "webhook-networks", settings.webhook_networks,
                 "where webhooks may be beside public addresses");
}

void add_account_settings(CLI::App &app, Settings &settings) {
    add_choice<Registration>(app, "registration", settings.registration,
                             {{"open", Registration::open},
                              {"invite", Registration::invite},
                              {"closed", Registration::closed}},
                             "who may make an account");
    add_size(app, "max-upload", settings.max_upload_bytes, "largest upload", "8GiB");
    add_size(app, "quota", settings.quota_bytes, "what one user's files may take together",
             "50GiB");
    add(app, "max-active", settings.max_active,
        "uploads and conversions that one user may have under way; 0 for any number");
    add(app, "max-uploads-per-day", settings.max_uploads_per_day,
        "uploads that one user may begin in a day; 0 for any number");
    add_duration(app, "upload-expiry", settings.upload_expiry,
                 "how long an upload that broke off can be gone on with", "24h");
    add_duration(app, "keep-source", settings.keep_source,
                 "how long a source is kept once its MP3 is made", "0");
    add_duration(app, "keep-mp3", settings.keep_mp3, "how long an MP3 is kept", "30d");
    add_duration(app, "keep-history", settings.keep_history,
                 "how long what ended is listed once its bytes are gone", "365d");
    add(app, "jwt-secret-file", settings.jwt_secret_file,
        "secrets that sign tokens, one a line; made when absent");
    add_duration(app, "token-lifetime", settings.token_lifetime, "how long a login lasts", "30d");
}

fs::path environment_path(const char *name) {
    const char *value = std::getenv(name);
    return value == nullptr ? fs::path{} : fs::path{value};
}

fs::path default_data_dir() {
    if (const auto state = environment_path("STATE_DIRECTORY"); !state.empty()) return state;
    if (const auto data = environment_path("XDG_DATA_HOME"); !data.empty()) {
        return data / "mp3convd";
    }
    return environment_path("HOME") / ".local/share/mp3convd";
}

/// A file that no setting names may be there as a credential, with the setting's name.
template <typename Path>
void take_credential(Path &file, const std::string &setting) {
    if (file.empty()) file = system::service_manager::credential("mp3convd." + setting);
}

void take_credentials(Settings &settings) {
    take_credential(settings.tls_cert, "tls-cert");
    take_credential(settings.tls_key, "tls-key");
    take_credential(settings.smtp_password_file, "smtp-password");
    take_credential(settings.jwt_secret_file, "jwt-secret");
}

/// @return what can stand behind an @: an address of IPv6 cannot.
std::string host_of(const std::string &url) {
    const size_t start = url.find("://");
    const std::string rest = start == std::string::npos ? url : url.substr(start + 3);
    if (rest.starts_with('[')) return "localhost";
    return rest.substr(0, rest.find_first_of("/:"));
}

} // namespace

void add_settings(CLI::App &app, Settings &settings) {
    using system::log::Format;
    using system::log::Level;
    app.set_config("--config", fs::exists(default_config) ? default_config : "",
                   "read settings from this file");
    app.config_formatter(std::make_shared<EnvironmentFirst>("MP3CONVD"));
    app.allow_config_extras(CLI::config_extras_mode::error);
    add(app, "listen", settings.listen,
        "ADDRESS:PORT to serve, port 0 takes a free one; or unix:PATH");
    add(app, "tls-cert", settings.tls_cert,
        "certificate to serve HTTPS with, and those behind it (PEM)");
    add(app, "tls-key", settings.tls_key, "its key (PEM)");
    add_networks(app, "trusted-proxies", settings.trusted_proxies,
                 "proxies whose X-Forwarded-For says who the client is");
    add_networks(app, "metrics-from", settings.metrics_from,
                 "who may see /metrics; this computer only, unless set");
    add(app, "data-dir", settings.data_dir, "folder of everything that is kept");
    add(app, "database", settings.database,
        "sqlite: in the data folder, sqlite:PATH, or postgresql://USER@HOST/NAME");
    add(app, "storage", settings.storage,
        "file: in the data folder, file:PATH, or s3://BUCKET/PREFIX");
    add_switch(app, "download-redirect", settings.download_redirect,
               "send who fetches an MP3 to S3 for it");
    add_roles(app, settings.roles);
    add(app, "workers", settings.workers, "conversions at a time; 0 means one a core")
        ->check(CLI::Range(0, 1024));
    add_mail_settings(app, settings);
    add_account_settings(app, settings);
    add_duration(app, "drain-timeout", settings.drain_timeout,
                 "how long running work may go on after SIGTERM", "30s");
    add_duration(app, "conversion-timeout", settings.conversion_timeout,
                 "how long a conversion may take; 0 means by the size of its source", "0");
    add_switch(app, "require-sandbox", settings.require_sandbox,
               "refuse to start where a layer of the sandbox is missing");
    add_choice<Level>(app, "log-level", settings.log_level,
                      {{"info", Level::info},
                       {"debug", Level::debug},
                       {"warning", Level::warning},
                       {"error", Level::error}},
                      "least that is logged");
    add_choice<Format>(app, "log-format", settings.log_format,
                       {{"text", Format::text}, {"json", Format::json}}, "how it is logged");
}

Settings reread_settings(int argc, const char *const *argv) {
    CLI::App app;
    Settings settings;
    add_settings(app, settings);
    app.allow_extras(); // the command
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        throw Error{Errc::usage, e.what()};
    }
    return settings;
}

void settle(Settings &settings) {
    if (settings.data_dir.empty()) settings.data_dir = default_data_dir();
    settings.data_dir = fs::absolute(settings.data_dir).lexically_normal();
    if (settings.workers == 0) {
        settings.workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    }
    take_credentials(settings);
    if (settings.tls_cert.empty() != settings.tls_key.empty()) {
        throw Error{Errc::usage, "tls-cert and tls-key: one is set without the other; set both"};
    }
    if (settings.metrics_from.empty()) {
        settings.metrics_from = {*system::parse_network("127.0.0.0/8"),
                                 *system::parse_network("::1")};
    }
    if (settings.jwt_secret_file.empty())
        settings.jwt_secret_file = settings.data_dir / "jwt-secret";
}

std::string url_of(const Settings &settings, const std::string &address) {
    if (system::unix_path(address)) return address;
    return (settings.serves_tls() ? "https://" : "http://") + address;
}

void settle_urls(Settings &settings, const std::string &url) {
    if (settings.public_url.empty()) {
        settings.public_url = system::unix_path(url) ? "http://localhost" : url;
    }
    while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
    if (settings.mail_from.empty()) settings.mail_from = "mp3conv@" + host_of(settings.public_url);
}

} // namespace mp3conv
