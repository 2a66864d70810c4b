#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/backoff.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/password.hpp"
#include "cli/session.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

struct Account {
    std::string email;
    std::string password_file;
    std::string code{};
    std::string invite{};
};

/// Gets a token, keeps it and says so.
int log_in(const Globals &globals, Http &http, const Account &account,
           const std::string &password) {
    const Login login =
        ask_patiently(globals, http, [&] { return Client{http}.login(account.email, password); });
    keep_credential(globals.server, {account.email, login.token});
    note(globals, "logged in at " + globals.server + " as " + account.email);
    return 0;
}

int verify(const Globals &globals, Http &http, const Account &account,
           const std::string &password) {
    ask_patiently(globals, http,
                  [&] { Client{http}.verify(account.email, password, account.code); });
    return log_in(globals, http, account, password);
}

/// The account waits for the code of the letter: who is at a terminal can enter it here.
int wait_for_code(const Globals &globals, Http &http, Account account,
                  const std::string &password) {
    note(globals, "a letter with a code is on its way to " + account.email);
    account.code = ask_on_terminal(globals, "Code");
    if (!account.code.empty()) return verify(globals, http, account, password);
    note(globals, "to finish, run: mp3conv verify " + account.email + " CODE");
    return 0;
}

int register_account(const Globals &globals, const Account &account) {
    const std::string password = read_password(globals, account.password_file, Asking::twice);
    Http http{globals};
    const bool is_verified = ask_patiently(globals, http, [&] {
        return Client{http}.register_account(account.email, password, account.invite);
    });
    return is_verified ? log_in(globals, http, account, password)
                       : wait_for_code(globals, http, account, password);
}

int verify(const Globals &globals, const Account &account) {
    const std::string password = read_password(globals, account.password_file, Asking::once);
    Http http{globals};
    return verify(globals, http, account, password);
}

int log_in(const Globals &globals, const Account &account) {
    const std::string password = read_password(globals, account.password_file, Asking::once);
    Http http{globals};
    return log_in(globals, http, account, password);
}

int log_out(const Globals &globals) {
    Session session{globals};
    try {
        session.client.logout();
    } catch (const Error &e) {
        if (e.code() != Errc::not_logged_in) throw; // a token that has ended needs no end
    }
    forget_credential(globals.server, session.token);
    note(globals, "logged out at " + globals.server);
    return 0;
}

int show_account(const Globals &globals) {
    Session session{globals};
    const auto account = session.client.account();
    if (globals.json) {
        print_result(account);
    } else {
        print_result(account.at("email").get<std::string>());
    }
    return 0;
}

int delete_account(const Globals &globals, const Account &account) {
    Session session{globals};
    const std::string password = read_password(globals, account.password_file, Asking::once);
    ask_patiently(globals, session.http, [&] { session.client.delete_account(password); });
    forget_credential(globals.server, session.token);
    note(globals, "the account and all of its files are removed");
    return 0;
}

void add_password_file(CLI::App &command, Account &account) {
    command
        .add_option("--password-file", account.password_file,
                    "file with the password in its first line, - for standard input")
        ->type_name("FILE");
}

CLI::App *add_login_command(CommandLine &line, const char *name, const char *help,
                            const std::shared_ptr<Account> &account,
                            int (*run)(const Globals &, const Account &)) {
    CLI::App *command = add_command(line, name, help,
                                    [&line, account, run] { return run(line.globals, *account); });
    command->add_option("EMAIL", account->email, "e-mail address of the account")->required();
    add_password_file(*command, *account);
    return command;
}

} // namespace

void add_account_commands(CommandLine &line) {
    const auto account = std::make_shared<Account>();
    add_login_command(line, "register", "make an account, and log in", account, register_account)
        ->add_option("--invite", account->invite,
                     "code of an invite, where the server asks for one")
        ->type_name("CODE");
    add_login_command(line, "verify", "show by a code that the address is yours, and log in",
                      account, verify)
        ->add_option("CODE", account->code, "code from the letter")
        ->required();
    add_login_command(line, "login", "log in, and keep the token", account, log_in);
    add_command(line, "logout", "end the token, here and on the server",
                [&line] { return log_out(line.globals); });
    add_command(line, "whoami", "print the e-mail of the account",
                [&line] { return show_account(line.globals); });
    CLI::App *own = line.app.add_subcommand("account", "look after the account");
    own->require_subcommand(1)->fallthrough();
    CLI::App *removal =
        add_command(line, *own, "delete", "remove the account and all of its files, for good",
                    [&line, account] { return delete_account(line.globals, *account); });
    add_password_file(*removal, *account);
}

} // namespace mp3conv::cli
