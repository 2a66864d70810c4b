#include "cli/globals.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "common/choice.hpp"
#include "common/environment_first.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

std::filesystem::path home_dir(const char *variable, const char *fallback) {
    const char *set = std::getenv(variable);
    if (set != nullptr && *set == '/') return set; // the XDG specification: absolute, or ignored
    const char *home = std::getenv("HOME");
    return std::filesystem::path{home == nullptr ? "/" : home} / fallback;
}

} // namespace

std::filesystem::path config_dir() {
    return home_dir("XDG_CONFIG_HOME", ".config") / "mp3conv";
}

std::filesystem::path state_dir() {
    return home_dir("XDG_STATE_HOME", ".local/state") / "mp3conv";
}

void add_globals(CLI::App &app, Globals &globals) {
    const Choices<ProgressMode> modes{{"auto", ProgressMode::automatic},
                                      {"bar", ProgressMode::bar},
                                      {"line", ProgressMode::line},
                                      {"none", ProgressMode::none}};
    app.config_formatter(std::make_shared<EnvironmentFirst>("MP3CONV"));
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.set_config("--config", config_dir() / "config.toml", "read settings from this file");
    app.add_option("--server", globals.server, "address of mp3convd")
        ->envname("MP3CONV_SERVER")
        ->capture_default_str()
        ->type_name("URL");
    app.add_option("--cacert", globals.ca_file, "trust this certificate authority (PEM)")
        ->envname("MP3CONV_CACERT")
        ->type_name("FILE");
    app.add_option_function("--progress", choose("--progress", globals.progress, modes),
                            "how progress is shown")
        ->envname("MP3CONV_PROGRESS")
        ->type_name(names_of(modes));
    app.add_option("--retries", globals.retries, "how often to try again when the line breaks")
        ->envname("MP3CONV_RETRIES")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000))
        ->type_name("N");
    app.add_flag("--json", globals.json, "print one JSON object a line")->configurable(false);
    app.add_flag("-q,--quiet", globals.quiet, "say nothing but results and errors")
        ->configurable(false);
    app.add_flag("-v,--verbose", globals.verbose, "say more")->configurable(false);
    app.add_flag("--no-input", globals.no_input, "never ask anything")->configurable(false);
}

std::string normalize_server(const std::string &url) {
    std::string server = url.find("://") == std::string::npos ? "http://" + url : url;
    while (server.ends_with('/')) server.pop_back();
    if (server.rfind("http://", 0) != 0 && server.rfind("https://", 0) != 0) {
        throw Error{Errc::usage, url + ": not a server's address; write it as https://host"};
    }
    return server;
}

} // namespace mp3conv::cli
