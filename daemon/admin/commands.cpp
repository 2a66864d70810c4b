#include "daemon/admin/commands.hpp"

#include <CLI/CLI.hpp>

#include "common/units.hpp"

namespace mp3conv::admin {
namespace {

void none(CLI::App &, Request &) {}

void as_json(CLI::App &app, Request &request) {
    app.add_flag("--json", request.json, "print objects, one a line");
}

void lists(CLI::App &app, Request &request) {
    as_json(app, request);
    app.add_option("--limit", request.limit, "how many at most")->check(CLI::PositiveNumber);
}

void lists_jobs(CLI::App &app, Request &request) {
    lists(app, request);
    app.add_option("--state", request.state, "only those in this state");
}

void names_user(CLI::App &app, Request &request) {
    app.add_option("email", request.email)->required();
}

void sets_limit(CLI::App &app, Request &request) {
    names_user(app, request);
    as_json(app, request);
    const auto name = app.add_option("name", request.limit_name, "the setting that differs")
                          ->check(CLI::IsMember(limit_names()));
    const auto value =
        app.add_option("value", request.limit_value, "for this account; default for everybody's");
    name->needs(value);
}

void gives_password(CLI::App &app, Request &request) {
    names_user(app, request);
    app.add_option("--password-file", request.password_file,
                   "file with the password, - for standard input")
        ->required();
}

void invites(CLI::App &app, Request &request) {
    const auto set = [&request](const std::string &text) {
        const auto time = parse_duration(text);
        if (!time)
            throw CLI::ValidationError{"--expires", "'" + text + "' is not a time such as 7d"};
        request.expires = *time;
    };
    app.add_option_function<std::string>("--expires", set, "how long it is good; 7d by default")
        ->type_name("TIME");
    app.add_option("--note", request.note, "for whom it is");
}

void names(CLI::App &app, Request &request) {
    app.add_option("id", request.ids)->required();
}

void checks(CLI::App &app, Request &request) {
    as_json(app, request);
    app.add_flag("--deep", request.deep, "read all bytes, and compare their SHA-256");
    app.add_flag("--repair", request.repair, "remove bytes that no row names");
}

void backs_up(CLI::App &app, Request &request) {
    app.add_option("folder", request.folder, "a new folder")->required();
}

void moves(CLI::App &app, Request &request) {
    as_json(app, request);
    const auto to = app.add_option("--to", request.to, "copy all rows there: postgresql://...");
    app.add_option("--storage", request.to_storage, "copy all bytes there, such as s3://...")
        ->needs(to);
    app.add_flag("--deep", request.deep, "then read all bytes, and compare their SHA-256");
}

} // namespace

const std::vector<Command> &commands() {
    static const std::vector<Command> all{
        {"user", "add", "make an account", gives_password, add_user},
        {"user", "list", "list the accounts", as_json, list_users},
        {"user", "disable", "end an account's logins and refuse new ones", names_user,
         disable_user},
        {"user", "enable", "undo disable", names_user, enable_user},
        {"user", "verify", "take an account's e-mail for verified", names_user, verify_user},
        {"user", "password", "set a password, and end all logins", gives_password, set_password},
        {"user", "limit", "say what an account may use, and change it", sets_limit, limit_user},
        {"user", "rm", "remove an account with all of its files", names_user, remove_user},
        {"invite", "create", "make an invite; print its code, this once", invites, create_invite},
        {"invite", "list", "list the invites", as_json, list_invites},
        {"invite", "revoke", "take invites back that were not used", names, revoke_invites},
        {"queue", "stats", "say how much there is to do", as_json, show_queue},
        {"queue", "pause", "keep jobs back; what runs goes on", none, pause_queue},
        {"queue", "resume", "undo pause", none, resume_queue},
        {"job", "list", "list everyone's conversions, the newest first", lists_jobs, list_jobs},
        {"job", "retry", "queue failed or cancelled ones once more", names, retry_jobs},
        {"outbox", "list", "list the letters that were not sent", lists, list_letters},
        {"outbox", "retry", "send letters now, those given up too", names, retry_letters},
        {"", "fsck", "compare what the database says with the bytes there are", checks,
         check_files},
        {"", "gc", "remove now what the daemon would remove by and by", none, collect_garbage},
        {"", "migrate", "bring the database's schema up to date, or all to another place", moves,
         migrate},
        {"", "backup", "copy everything into a new folder", backs_up, back_up},
    };
    return all;
}

} // namespace mp3conv::admin
