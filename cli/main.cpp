#include <CLI/CLI.hpp>
#include <algorithm>
#include <curl/curl.h>
#include <string_view>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "common/error.hpp"

namespace {

using namespace mp3conv;

void add_everything(cli::CommandLine &line) {
    line.app.require_subcommand(1);
    line.app.set_version_flag("--version", "mp3conv " MP3CONV_VERSION);
    line.app.footer("mp3conv COMMAND --help tells more, and so does mp3conv(1).");
    cli::add_globals(line.app, line.globals);
    cli::add_account_commands(line);
    cli::add_convert_command(line);
    cli::add_upload_command(line);
    cli::add_show_commands(line);
    cli::add_wait_command(line);
    cli::add_download_command(line);
    cli::add_change_commands(line);
    cli::add_password_commands(line);
    cli::add_token_commands(line);
    cli::add_webhook_commands(line);
    cli::add_completion_command(line);
}

int run(int argc, char **argv) {
    cli::CommandLine line;
    add_everything(line);
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        if (e.get_exit_code() == 0) return line.app.exit(e); // --help and --version
        throw Error{Errc::usage, std::string{e.what()} + "; see mp3conv --help"};
    }
    line.globals.server = cli::normalize_server(line.globals.server);
    return line.chosen();
}

/// Errors that come before the flags are understood obey --json as well.
bool wants_json(int argc, char **argv) {
    return std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--json"; });
}

} // namespace

int main(int argc, char **argv) {
    cli::note_signals();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const bool as_json = wants_json(argc, argv);
    try {
        return run(argc, argv);
    } catch (const Error &e) {
        cli::print_error(as_json, e);
        return traits(e.code()).exit_code;
    } catch (const std::exception &e) {
        cli::print_error(as_json, Error{Errc::internal, e.what()});
        return traits(Errc::internal).exit_code;
    }
}
