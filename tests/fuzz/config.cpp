// An administrator's config file: it is understood, or refused with a message (CLI::ParseError, as
// mp3convd catches it), and what is understood is what it says.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "common/error.hpp"
#include "daemon/settings.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;

namespace {

Settings parse(const std::string &text) {
    CLI::App app;
    Settings settings;
    add_settings(app, settings);
    std::istringstream stream{text};
    app.parse_from_stream(stream);
    settle(settings);
    return settings;
}

void look_at(const Settings &settings) {
    constexpr std::chrono::days longest{1000 * 365};
    fuzz::require(settings.workers >= 1 && settings.workers <= 1024, "there are some workers");
    fuzz::require(!settings.roles.empty(), "it plays a role");
    fuzz::require(settings.data_dir.is_absolute(), "the data folder is where it is");
    fuzz::require(!settings.jwt_secret_file.empty(), "the secret is somewhere");
    for (const auto time :
         {settings.upload_expiry, settings.keep_source, settings.keep_mp3, settings.keep_history,
          settings.token_lifetime, settings.drain_timeout, settings.conversion_timeout}) {
        fuzz::require(time.count() >= 0 && time <= longest, "a time can be added to another");
    }
}

/// TOML's basic strings hold anything that is printable, but quotes and backslashes as they are.
bool is_plain(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\' && c != '\x7F';
    });
}

void look(std::string_view input) {
    try {
        look_at(parse(std::string{input}));
    } catch (const CLI::ParseError &) { // which mp3convd shows
    } catch (const Error &e) {
        fuzz::require(e.code() == Errc::usage, "what is wrong with a config file is its author's");
    }
    const std::string line{fuzz::take_line(input)};
    if (!is_plain(line)) return;
    try {
        fuzz::require(parse("smtp-user = \"" + line + "\"\n").smtp_user == line,
                      "a text between quotes is that text");
    } catch (const CLI::ParseError &) {
    } catch (const Error &) {
    }
}

const fuzz::Target target{"config", look};

} // namespace
