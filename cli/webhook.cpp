#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

/// Prints all of an answer, or that member.
void print_answer(const Globals &globals, const nlohmann::json &answer, const char *member) {
    if (globals.json) {
        print_result(answer);
    } else {
        const auto &value = answer.at(member);
        print_result(printable(value.is_string() ? value.get<std::string>() : value.dump()));
    }
}

int set_webhook(const Globals &globals, const std::string &url) {
    Session session{globals};
    print_answer(globals, session.client.set_webhook(url), "secret");
    return 0;
}

int show_webhook(const Globals &globals) {
    Session session{globals};
    print_answer(globals, session.client.webhook(), "url");
    return 0;
}

int test_webhook(const Globals &globals) {
    Session session{globals};
    print_answer(globals, session.client.test_webhook(), "status");
    return 0;
}

int remove_webhook(const Globals &globals) {
    Session session{globals};
    session.client.remove_webhook();
    return 0;
}

} // namespace

void add_webhook_commands(CommandLine &line) {
    const auto url = std::make_shared<std::string>();
    CLI::App *webhook =
        line.app.add_subcommand("webhook", "let a program be told when a file is finished");
    webhook->require_subcommand(1)->fallthrough();
    add_command(line, *webhook, "set", "post to this URL; print the secret that signs, this once",
                [&line, url] { return set_webhook(line.globals, *url); })
        ->add_option("URL", *url, "such as https://example.org/hook")
        ->required();
    add_command(line, *webhook, "show", "print the URL",
                [&line] { return show_webhook(line.globals); });
    add_command(line, *webhook, "test", "post a message there now; print the status that it got",
                [&line] { return test_webhook(line.globals); });
    add_command(line, *webhook, "rm", "post nothing any more",
                [&line] { return remove_webhook(line.globals); });
}

} // namespace mp3conv::cli
