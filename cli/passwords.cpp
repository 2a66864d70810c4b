#include <CLI/App.hpp>
#include <memory>

#include "cli/backoff.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/password.hpp"
#include "cli/session.hpp"

namespace mp3conv::cli {
namespace {

struct Passwords {
    std::string email;
    std::string code;
    std::string password_file;
    std::string new_password_file;
};

int change_password(const Globals &globals, const Passwords &given) {
    Session session{globals};
    const std::string password =
        read_password(globals, given.password_file, Asking::once, "Present password");
    const std::string new_password =
        read_password(globals, given.new_password_file, Asking::twice, "New password");
    ask_patiently(globals, session.http,
                  [&] { session.client.change_password(password, new_password); });
    note(globals, "the password is changed; your other logins have ended, your tokens have not");
    return 0;
}

int set_password(const Globals &globals, Http &http, const Passwords &given) {
    const std::string new_password =
        read_password(globals, given.new_password_file, Asking::twice, "New password");
    ask_patiently(globals, http,
                  [&] { Client{http}.reset_password(given.email, given.code, new_password); });
    note(globals, "the password is set, and all logins and tokens have ended; log in with: "
                  "mp3conv login " +
                      given.email);
    return 0;
}

/// With a code sets the password; without one has it sent, and asks for it where somebody is there.
int reset_password(const Globals &globals, Passwords given) {
    Http http{globals};
    if (!given.code.empty()) return set_password(globals, http, given);
    ask_patiently(globals, http, [&] { Client{http}.request_reset(given.email); });
    note(globals, "where " + given.email +
                      " has an account, a letter with a code is on its way; it is good for half "
                      "an hour");
    given.code = ask_on_terminal(globals, "Code");
    if (!given.code.empty()) return set_password(globals, http, given);
    note(globals,
         "to set a new password, run: mp3conv password reset " + given.email + " --code CODE");
    return 0;
}

void add_password_file(CLI::App &command, const char *option, std::string &file, const char *what) {
    command
        .add_option(option, file,
                    std::string{"file with "} + what + " in its first line, - for standard input")
        ->type_name("FILE");
}

} // namespace

void add_password_commands(CommandLine &line) {
    const auto given = std::make_shared<Passwords>();
    CLI::App *password = line.app.add_subcommand("password", "get a new password");
    password->require_subcommand(1)->fallthrough();
    CLI::App *change =
        add_command(line, *password, "change", "change the password; ends your other logins",
                    [&line, given] { return change_password(line.globals, *given); });
    add_password_file(*change, "--password-file", given->password_file, "the present password");
    add_password_file(*change, "--new-password-file", given->new_password_file, "the new password");
    CLI::App *reset =
        add_command(line, *password, "reset", "set a forgotten password by a code from a letter",
                    [&line, given] { return reset_password(line.globals, *given); });
    reset->add_option("EMAIL", given->email, "e-mail address of the account")->required();
    reset->add_option("--code", given->code, "code from the letter; without it one is sent")
        ->type_name("CODE");
    add_password_file(*reset, "--new-password-file", given->new_password_file, "the new password");
}

} // namespace mp3conv::cli
