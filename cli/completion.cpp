#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "common/fd.hpp"

namespace mp3conv::cli {
namespace {

// The files of completions/, as C++ literals.
const std::map<std::string, const char *> scripts{
    {
        "bash",
#include "cli/mp3conv.bash.inc"
    },
    {
        "zsh",
#include "cli/mp3conv.zsh.inc"
    },
    {
        "fish",
#include "cli/mp3conv.fish.inc"
    },
};

} // namespace

void add_completion_command(CommandLine &line) {
    const auto shell = std::make_shared<std::string>();
    CLI::App *command =
        add_command(line, "completion", "print the completion script for a shell", [shell] {
            write_all(1, scripts.at(*shell), "standard output");
            return 0;
        });
    command->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

} // namespace mp3conv::cli
