#include "cli/conversion_options.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "common/error.hpp"

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
    OptionHelp{"cover", "keep|drop", "whether the MP3 gets the video's cover; keep"},
    OptionHelp{"chapters", "keep|drop", "whether the MP3 gets the video's chapters; keep"},
};

/// @param tag "title=Lecture 1"
void set_tag(Options &options, const std::string &tag) {
    const size_t equals = tag.find('=');
    if (equals == std::string::npos) {
        throw Error{Errc::invalid_option, "option tag: '" + tag +
                                              "' is not KEY=VALUE such as "
                                              "title=Lecture"};
    }
    set_option(options, "tag." + tag.substr(0, equals), tag.substr(equals + 1));
}

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
    const std::string normalize_help = "bring to this loudness, -16 LUFS unless said otherwise";
    command.add_flag("--normalize{-16}", normalize_help)
        ->each([&options](const std::string &value) { set_option(options, "normalize", value); })
        ->type_name("LUFS")
        ->group("Conversion");
    command
        .add_option_function<std::vector<std::string>>(
            "--tag",
            [&options](const auto &tags) {
                for (const auto &tag : tags) set_tag(options, tag);
            },
            "a tag instead of the video's, such as title=Lecture 1")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->allow_extra_args(false) // what comes next is a file
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Conversion");
    command
        .add_flag_callback(
            "--no-tags", [&options] { options.drop_tags = true; }, "none of the video's tags")
        ->group("Conversion");
    command.parse_complete_callback([&options] { check_options(options); });
}

} // namespace mp3conv::cli
