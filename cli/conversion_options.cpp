#include "cli/conversion_options.hpp"

#include <array>
#include <functional>

namespace mp3conv::cli {
namespace {

struct OptionHelp {
    const char *name;
    const char *type;
    const char *help;
};

constexpr std::array with_value{
    OptionHelp{"preset", "voice|standard|high|max",
               "quality by name; standard where none is named"},
    OptionHelp{"vbr", "0..9", "variable bitrate, 0 is best"},
    OptionHelp{"bitrate", "RATE", "constant bitrate such as 192k"},
    OptionHelp{"abr", "RATE", "average bitrate such as 160k"},
    OptionHelp{"rate", "HZ", "sampling rate such as 44100"},
    OptionHelp{"track", "N", "which audio track, counted from 1"},
    OptionHelp{"lang", "CODES", "first track in one of these languages: deu,eng"},
    OptionHelp{"start", "PLACE", "where the MP3 begins, such as 83.5 or 1:23.5"},
    OptionHelp{"end", "PLACE", "where it ends"},
};

} // namespace

void add_conversion_options(CLI::App &command, Options &options) {
    for (const auto &[name, type, help] : with_value) {
        const std::function<void(const std::string &)> set =
            [&options, name = name](const std::string &value) { set_option(options, name, value); };
        command.add_option_function<std::string>(std::string{"--"} + name, set, help)
            ->type_name(type)
            ->group("Conversion");
    }
    command.add_flag("--mono", options.mono, "mix to one channel")->group("Conversion");
    command.add_flag("--id3v1", options.id3v1, "add a tag for players that know no other")
        ->group("Conversion");
    command.parse_complete_callback([&options] { check_options(options); });
}

} // namespace mp3conv::cli
