#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

struct TokenRequest {
    std::string name;
    std::optional<std::chrono::seconds> expires;
    std::vector<std::string> ids;
};

int create_token(const Globals &globals, const TokenRequest &request) {
    Session session{globals};
    const auto made = session.client.create_token(request.name, request.expires);
    if (globals.json) {
        print_result(made);
    } else {
        print_result(made.value("token", ""));
    }
    return 0;
}

int list_tokens(const Globals &globals) {
    Session session{globals};
    for (const auto &token : session.client.tokens()) {
        if (globals.json) {
            print_result(token);
        } else {
            print_result(printable(token.value("id", "") + "  until " +
                                   token.value("expires_at", "").substr(0, 10) + "  " +
                                   token.value("name", "")));
        }
    }
    return 0;
}

int revoke_tokens(const Globals &globals, const TokenRequest &request) {
    Session session{globals};
    Batch batch{globals, request.ids.size()};
    for (const auto &id : request.ids) {
        batch.attempt(id, [&] { session.client.revoke_token(id); });
    }
    return batch.exit_status();
}

void add_expiry(CLI::App &command, std::optional<std::chrono::seconds> &expires) {
    const std::function<void(const std::string &)> set = [&expires](const std::string &text) {
        expires = parse_duration(text);
        if (!expires) {
            throw CLI::ValidationError{"--expires", "'" + text + "' is not a time such as 90d"};
        }
    };
    command
        .add_option_function<std::string>("--expires", set, "how long it is good; 365d by default")
        ->type_name("TIME");
}

} // namespace

void add_token_commands(CommandLine &line) {
    const auto request = std::make_shared<TokenRequest>();
    CLI::App *token = line.app.add_subcommand("token", "manage tokens for cron jobs and the like");
    token->require_subcommand(1)->fallthrough();
    CLI::App *create =
        add_command(line, *token, "create", "make a token; print it, this once",
                    [&line, request] { return create_token(line.globals, *request); });
    create->add_option("NAME", request->name, "what it is for")->required();
    add_expiry(*create, request->expires);
    add_command(line, *token, "list", "list the tokens",
                [&line] { return list_tokens(line.globals); });
    add_command(line, *token, "revoke", "end tokens at once",
                [&line, request] { return revoke_tokens(line.globals, *request); })
        ->add_option("ID", request->ids, "IDs of tokens")
        ->required();
}

} // namespace mp3conv::cli
