#include "cli/commands.hpp"

#include <utility>

namespace mp3conv::cli {

CLI::App *add_command(CommandLine &line, const std::string &name, const std::string &help,
                      std::function<int()> run) {
    return add_command(line, line.app, name, help, std::move(run));
}

CLI::App *add_command(CommandLine &line, CLI::App &parent, const std::string &name,
                      const std::string &help, std::function<int()> run) {
    CLI::App *command = parent.add_subcommand(name, help);
    command->fallthrough(); // global flags may stand behind the command
    command->callback([&line, run = std::move(run)] { line.chosen = run; });
    return command;
}

} // namespace mp3conv::cli
