#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "daemon/system/log.hpp"
#include "daemon/system/network.hpp"

namespace mp3conv {

/// Who may make an account.
enum class Registration { open, invite, closed };

/// What a daemon may do for those that share its database.
enum class Role {
    api,     ///< serves users, and removes what nobody needs any more (the sweeper)
    convert, ///< makes MP3s
    notify,  ///< sends letters
};

/// What an administrator decides; mp3convd.conf(5) has a paragraph for each.
struct Settings {
    std::string listen = "127.0.0.1:8420";
    std::filesystem::path tls_cert; ///< and tls_key: both or neither
    std::filesystem::path tls_key;
    std::vector<system::Network> trusted_proxies; ///< whose X-Forwarded-For counts
    std::vector<system::Network> metrics_from;    ///< who may see /metrics; loopback unless set
    std::filesystem::path data_dir;               ///< absolute once settle() ran
    std::string database = "sqlite:";
    std::string storage = "file:";
    bool download_redirect = false; ///< to a link of the storage's, where it has any
    std::set<Role> roles{Role::api, Role::convert, Role::notify};
    int workers = 0; ///< at least 1 once settle() ran

    std::string smtp_url;
    std::string smtp_user;
    std::string smtp_password_file;
    std::string smtp_cacert;
    bool smtp_tls = true;
    std::chrono::seconds smtp_timeout{std::chrono::minutes{10}}; ///< for one letter
    std::string mail_from;
    std::string public_url;
    std::vector<system::Network> webhook_networks; ///< where webhooks may be, beside public ones

    Registration registration = Registration::open;
    uint64_t max_upload_bytes = 8ULL << 30;
    uint64_t quota_bytes = 50ULL << 30; ///< of one user, as the next two; 0 for no limit
    uint64_t max_active = 5000;
    uint64_t max_uploads_per_day = 0;
    std::chrono::seconds upload_expiry{std::chrono::hours{24}};
    std::chrono::seconds keep_source{0};
    std::chrono::seconds keep_mp3{std::chrono::days{30}};
    std::chrono::seconds keep_history{std::chrono::days{365}}; ///< rows of what ended
    std::filesystem::path jwt_secret_file; ///< in data_dir once settle() ran, unless set
    std::chrono::seconds token_lifetime{std::chrono::days{30}};
    std::chrono::seconds drain_timeout{30};
    std::chrono::seconds conversion_timeout{0}; ///< 0: by the source's size
    bool require_sandbox = false;               ///< do not start without all of it

    system::log::Level log_level = system::log::Level::info;
    system::log::Format log_format = system::log::Format::text;

    bool plays(Role role) const { return roles.contains(role); }
    bool serves_tls() const { return !tls_cert.empty(); }
};

/// Offers every setting as flag, environment variable and key of the file that `--config` names.
/// Flags beat the environment, which beats the file; an unknown key is an error. Values are checked
/// while they are parsed (CLI::ValidationError).
void add_settings(CLI::App &app, Settings &settings);

/// @return the settings of that command line, with the environment and the file as they are now.
/// @throws Error{usage} where they cannot be read.
Settings reread_settings(int argc, const char *const *argv);

/// Fills in the defaults that depend on the machine or on each other.
/// @throws Error{usage} for settings that make no sense together.
void settle(Settings &settings);

/// @param address where the daemon listens, with the port that it got.
/// @return how it is reached there: "https://127.0.0.1:8420"; an address of a Unix socket as it is.
std::string url_of(const Settings &settings, const std::string &address);

/// Fills in the defaults of what goes into letters.
/// @param url where the daemon is reached.
void settle_urls(Settings &settings, const std::string &url);

} // namespace mp3conv
