#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

namespace mp3conv::cli {

enum class ProgressMode { automatic, bar, line, none };

/// What holds for every command; mp3conv(1) has a paragraph for each.
struct Globals {
    std::string server = "http://127.0.0.1:8420"; ///< with scheme, without a slash at its end
    std::string ca_file;
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool no_input = false;
    ProgressMode progress = ProgressMode::automatic;
    int retries = 5; ///< of what failed for a reason that may pass, before it counts as failed
};

/// @return $XDG_CONFIG_HOME/mp3conv, else ~/.config/mp3conv.
std::filesystem::path config_dir();

/// @return $XDG_STATE_HOME/mp3conv, else ~/.local/state/mp3conv.
std::filesystem::path state_dir();

/// Offers them as flags; server, cacert, progress and retries also as environment variables
/// MP3CONV_… and as keys of config.toml in config_dir().
void add_globals(CLI::App &app, Globals &globals);

/// @return `url` with a scheme and without a slash at its end. @throws Error{usage} for other than
///         http and https.
std::string normalize_server(const std::string &url);

} // namespace mp3conv::cli
