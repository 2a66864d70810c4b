#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "cli/globals.hpp"

namespace mp3conv::cli {

/// The command line while it is put together and read.
struct CommandLine {
    CLI::App app{"Converts videos to MP3 on an mp3convd server", "mp3conv"};
    Globals globals;
    std::function<int()> chosen; ///< runs the command that was named; @return the exit status
};

/// @param run becomes `chosen` where the user names this command.
CLI::App *add_command(CommandLine &line, const std::string &name, const std::string &help,
                      std::function<int()> run);

/// The same below another command.
CLI::App *add_command(CommandLine &line, CLI::App &parent, const std::string &name,
                      const std::string &help, std::function<int()> run);

// Each adds its commands with their options. What they run throws Error.
void add_account_commands(CommandLine &line);   // register, verify, login, logout, whoami,
                                                // account delete
void add_password_commands(CommandLine &line);  // password change, reset
void add_token_commands(CommandLine &line);     // token create, list, revoke
void add_webhook_commands(CommandLine &line);   // webhook set, show, test, rm
void add_upload_command(CommandLine &line);     // upload
void add_convert_command(CommandLine &line);    // convert
void add_download_command(CommandLine &line);   // download
void add_show_commands(CommandLine &line);      // status, list
void add_wait_command(CommandLine &line);       // wait
void add_change_commands(CommandLine &line);    // cancel, retry, rm
void add_completion_command(CommandLine &line); // completion

} // namespace mp3conv::cli
