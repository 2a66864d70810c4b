#include "cli/output.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cli/terminal.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

using Row = std::array<std::string, 6>;

std::string in_ascii(const nlohmann::json &object) {
    return object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string state_text(const FileObject &file) {
    std::string text{to_string(file.state)};
    if (file.state == State::converting && file.progress) {
        text += " " + std::to_string(std::lround(*file.progress * 100)) + "%";
    }
    return text;
}

/// @return the day on which the server lets go of the MP3, in UTC.
std::string last_day(const FileObject &file) {
    return file.expires_at ? format_time(*file.expires_at).substr(0, 10) : "-";
}

Row make_row(const FileObject &file) {
    const auto duration = file.mp3 ? file.mp3->duration_s : file.source.duration_s.value_or(0);
    const std::string why = file.error ? " (" + file.error->detail + ")" : std::string{};
    return {printable(file.id),
            state_text(file),
            duration > 0 ? format_duration(duration) : "-",
            file.mp3 ? format_size(file.mp3->bytes) : "-",
            last_day(file),
            printable(file.name + why)};
}

std::string align(const Row &row, const std::array<size_t, 6> &widths) {
    std::string line;
    for (size_t column = 0; column + 1 < row.size(); ++column) {
        const std::string gap(widths[column] - row[column].size() + 2, ' ');
        const bool is_number = column == 2 || column == 3;
        line += is_number ? gap.substr(2) + row[column] + "  " : row[column] + gap;
    }
    return line + row.back();
}

} // namespace

void print_result(const std::string &line) {
    terminal().make_way([&] { write_all(STDOUT_FILENO, line + "\n", "standard output"); });
}

void print_result(const nlohmann::json &object) {
    print_result(in_ascii(object));
}

std::vector<std::string> table_of(const std::vector<FileObject> &files, bool has_head) {
    std::vector<Row> rows;
    if (has_head) rows.push_back({"ID", "STATE", "LENGTH", "SIZE", "UNTIL", "NAME"});
    for (const auto &file : files) rows.push_back(make_row(file));
    std::array<size_t, 6> widths{};
    for (const Row &row : rows) {
        for (size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    std::vector<std::string> lines;
    for (const Row &row : rows) lines.push_back(align(row, widths));
    return lines;
}

void print_files(const Globals &globals, const std::vector<FileObject> &files) {
    if (globals.json) {
        for (const auto &file : files) print_result(nlohmann::json(file));
        return;
    }
    const bool has_head = !files.empty() && ::isatty(STDOUT_FILENO) == 1;
    for (const auto &line : table_of(files, has_head)) print_result(line);
}

void print_written(const Globals &globals, const FileObject &file, const std::string &path) {
    if (path == "-") return;
    if (!globals.json) return print_result(path);
    nlohmann::json object(file);
    object["path"] = path;
    print_result(object);
}

void note(const Globals &globals, const std::string &text) {
    if (!globals.quiet) terminal().say(printable(text));
}

void print_error(bool as_json, const Error &error, const std::string &input) {
    const ErrorTraits &kind = traits(error.code());
    if (as_json) {
        nlohmann::json object{{"code", kind.code},
                              {"detail", error.what()},
                              {"retryable", kind.retryable},
                              {"exit", kind.exit_code}};
        if (!input.empty()) object["input"] = input;
        terminal().say(in_ascii(object));
    } else {
        const bool says_it = std::string_view{error.what()}.starts_with(input + ": ");
        const std::string about = input.empty() || says_it ? "" : input + ": ";
        terminal().say(printable("mp3conv: " + about + error.what()));
    }
}

} // namespace mp3conv::cli
