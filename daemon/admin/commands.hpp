#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/settings.hpp"

namespace mp3conv::admin {

/// What a command was given, besides the settings.
struct Request {
    std::vector<std::string> ids;
    std::string email;
    std::string password_file; ///< "-" for standard input
    std::filesystem::path folder;
    std::string state;
    std::string note;
    std::string limit_name;
    std::string limit_value; ///< "default" for everybody's; empty to leave it
    std::chrono::seconds expires{std::chrono::days{7}};
    int limit = 100;
    bool json = false; ///< one object a line, instead of tabs
    bool deep = false;
    bool repair = false;
    std::string to;         ///< the database to move to; empty to stay
    std::string to_storage; ///< and the storage; empty to stay
};

/// One that works beside a running daemon, through its database and its storage. Prints its result,
/// returns the exit status and throws Error.
struct Command {
    const char *group; ///< the word before its name; empty for none
    const char *name;
    const char *help;
    void (*add_options)(CLI::App &, Request &);
    int (*run)(const Settings &, const Request &);
};

const std::vector<Command> &commands();

// users.cpp
int add_user(const Settings &settings, const Request &request);
int list_users(const Settings &settings, const Request &request);
int disable_user(const Settings &settings, const Request &request);
int enable_user(const Settings &settings, const Request &request);
int verify_user(const Settings &settings, const Request &request);
int set_password(const Settings &settings, const Request &request);
int remove_user(const Settings &settings, const Request &request);

// limits.cpp
/// @return the settings that can differ for one user.
std::vector<std::string> limit_names();
int limit_user(const Settings &settings, const Request &request);

// invites.cpp
int create_invite(const Settings &settings, const Request &request);
int list_invites(const Settings &settings, const Request &request);
int revoke_invites(const Settings &settings, const Request &request);

// queue.cpp
int show_queue(const Settings &settings, const Request &request);
int pause_queue(const Settings &settings, const Request &request);
int resume_queue(const Settings &settings, const Request &request);

// jobs.cpp
int list_jobs(const Settings &settings, const Request &request);
int retry_jobs(const Settings &settings, const Request &request);

// outbox.cpp
int list_letters(const Settings &settings, const Request &request);
int retry_letters(const Settings &settings, const Request &request);

// fsck.cpp
int check_files(const Settings &settings, const Request &request);
int collect_garbage(const Settings &settings, const Request &request);

// migrate.cpp
int migrate(const Settings &settings, const Request &request);

// backup.cpp
int back_up(const Settings &settings, const Request &request);

} // namespace mp3conv::admin
