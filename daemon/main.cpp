#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "common/error.hpp"
#include "daemon/admin.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/sandbox/helper.hpp"
#include "daemon/serve.hpp"
#include "daemon/settings.hpp"
#include "daemon/system/log.hpp"

namespace {

using namespace mp3conv;

/// A subcommand that runs with the settings once all of them are known.
CLI::App *add_command(CLI::App &app, const std::string &name, const std::string &help,
                      std::function<int()> run, std::function<int()> &chosen) {
    CLI::App *command = app.add_subcommand(name, help);
    command->fallthrough(); // settings may stand behind the command
    command->callback([run = std::move(run), &chosen] { chosen = run; });
    return command;
}

/// @return the command that others stand behind: `queue` of `queue stats`.
CLI::App *group_of(CLI::App &app, const std::string &name) {
    if (name.empty()) return &app;
    const auto has_name = [&](const CLI::App *other) { return other->get_name() == name; };
    for (CLI::App *known : app.get_subcommands(has_name)) return known;
    CLI::App *group = app.add_subcommand(name, "see mp3convd " + name + " --help");
    group->require_subcommand(1)->fallthrough();
    return group;
}

void add_admin_commands(CLI::App &app, Settings &settings, admin::Request &request,
                        std::function<int()> &chosen) {
    for (const auto &command : admin::commands()) {
        CLI::App *sub = add_command(
            *group_of(app, command.group), command.name, command.help,
            [&settings, &request, run = command.run] { return run(settings, request); }, chosen);
        command.add_options(*sub, request);
    }
}

int run(int argc, char **argv) {
    CLI::App app{"mp3convd turns uploaded videos into MP3s", "mp3convd"};
    app.require_subcommand(1);
    app.set_version_flag("--version", MP3CONV_VERSION);
    Settings settings;
    add_settings(app, settings);

    std::function<int()> chosen;
    admin::Request admin_request;
    HealthRequest health;
    std::string recipient;
    add_command(
        app, "serve", "run the daemon",
        [&, argc, argv] {
            return serve(settings, [argc, argv] { return reread_settings(argc, argv); });
        },
        chosen);
    add_admin_commands(app, settings, admin_request, chosen);
    add_command(
        app, "check-config", "read the settings and say what they amount to",
        [&] { return check_config(settings); }, chosen);
    add_command(app, "version", "print the version", print_version, chosen);
    CLI::App *probe = add_command(
        app, "health", "ask the running daemon whether it is alive",
        [&] { return check_health(settings, health); }, chosen);
    probe->add_flag("--ready", health.ready, "ask whether it can take work");
    probe->add_option("--wait", health.wait_s, "seconds to wait for it");
    CLI::App *mail = app.add_subcommand("mail", "look after the letters");
    mail->require_subcommand(1)->fallthrough();
    add_command(
        *mail, "test", "send a letter, to try the mail settings",
        [&] { return send_test_mail(settings, recipient); }, chosen)
        ->add_option("email", recipient)
        ->required();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        return app.exit(e) == 0 ? 0 : traits(Errc::usage).exit_code;
    }
    settle(settings);
    system::log::configure(settings.log_level, settings.log_format);
    return chosen();
}

} // namespace

int main(int argc, char **argv) {
    try {
        if (sandbox::is_helper(argc, argv)) return sandbox::run_helper();
        return run(argc, argv);
    } catch (const Error &e) {
        std::cerr << "mp3convd: " << describe(e) << '\n';
        return traits(e.code()).exit_code;
    } catch (const std::exception &e) {
        std::cerr << "mp3convd: " << e.what() << '\n';
        return 1;
    }
}
