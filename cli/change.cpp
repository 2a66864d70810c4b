#include <CLI/App.hpp>
#include <memory>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace mp3conv::cli {
namespace {

using Change = void (*)(Client &, const std::string &id);

int change(const Globals &globals, const std::vector<std::string> &ids, Change act) {
    Session session{globals};
    Batch batch{globals, ids.size()};
    for (const auto &id : ids) {
        batch.attempt(id, [&] { act(session.client, session.client.complete_id(id)); });
    }
    return batch.exit_status();
}

void add_change(CommandLine &line, const char *name, const char *help, Change act) {
    const auto ids = std::make_shared<std::vector<std::string>>();
    CLI::App *command = add_command(line, name, help,
                                    [&line, ids, act] { return change(line.globals, *ids, act); });
    command->add_option("ID", *ids, "file IDs, or how they start")->required();
}

} // namespace

void add_change_commands(CommandLine &line) {
    add_change(line, "cancel", "end conversions that wait or run",
               [](Client &client, const std::string &id) { client.cancel(id); });
    add_change(line, "retry", "convert failed or cancelled files once more",
               [](Client &client, const std::string &id) { client.retry(id); });
    add_change(line, "rm", "remove files and their MP3s from the server",
               [](Client &client, const std::string &id) { client.remove(id); });
}

} // namespace mp3conv::cli
