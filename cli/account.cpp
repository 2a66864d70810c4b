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
};

/// Asks again where the server answers that it is too early. Without an answer nobody knows what
/// was done.
template <typename Ask>
auto ask_patiently(const Globals &globals, const Http &http, Ask &&ask) {
    Backoff backoff{globals};
    while (true) {
        try {
            return ask();
        } catch (const Error &e) {
            if (e.code() == Errc::unreachable) throw;
            backoff.rest_after(e, http.retry_after());
        }
    }
}

/// Gets a token, keeps it and says so.
int log_in(const Globals &globals, Http &http, const Account &account,
           const std::string &password) {
    const Login login =
        ask_patiently(globals, http, [&] { return Client{http}.login(account.email, password); });
    keep_credential(globals.server, {account.email, login.token});
    note(globals, "logged in at " + globals.server + " as " + account.email);
    return 0;
}

int register_account(const Globals &globals, const Account &account) {
    const std::string password = read_password(globals, account.password_file, Asking::twice);
    Http http{globals};
    ask_patiently(globals, http, [&] { Client{http}.register_account(account.email, password); });
    return log_in(globals, http, account, password);
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

void add_login_command(CommandLine &line, const char *name, const char *help,
                       int (*run)(const Globals &, const Account &)) {
    const auto account = std::make_shared<Account>();
    CLI::App *command = add_command(line, name, help,
                                    [&line, account, run] { return run(line.globals, *account); });
    command->add_option("EMAIL", account->email, "e-mail address of the account")->required();
    command
        ->add_option("--password-file", account->password_file,
                     "file with the password in its first line, - for standard input")
        ->type_name("FILE");
}

} // namespace

void add_account_commands(CommandLine &line) {
    add_login_command(line, "register", "make an account, and log in", register_account);
    add_login_command(line, "login", "log in, and keep the token", log_in);
    add_command(line, "logout", "end the token, here and on the server",
                [&line] { return log_out(line.globals); });
    add_command(line, "whoami", "print the e-mail of the account",
                [&line] { return show_account(line.globals); });
}

} // namespace mp3conv::cli
