#include "cli/inputs.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string_view>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t longest_list = 64 << 20;

// What cameras, recorders and download tools write. MP3s are left out: they are what comes out.
constexpr std::array<std::string_view, 33> recordings{
    ".3gp",  ".aac", ".ac3", ".aif",  ".aiff", ".amr", ".asf", ".au",   ".avi",  ".flac", ".flv",
    ".m2ts", ".m4a", ".m4b", ".m4v",  ".mka",  ".mkv", ".mov", ".mp4",  ".mpeg", ".mpg",  ".mts",
    ".oga",  ".ogg", ".ogv", ".opus", ".ts",   ".w64", ".wav", ".webm", ".wma",  ".wmv",  ".caf"};

bool is_recording(const fs::path &path) {
    const std::string extension = ascii_lower(path.extension().string());
    return !path.filename().string().starts_with('.') &&
           std::find(recordings.begin(), recordings.end(), extension) != recordings.end();
}

std::vector<std::string> recordings_in(const std::string &folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator{folder, error};
         !error && it != fs::recursive_directory_iterator{}; it.increment(error)) {
        if (it->is_regular_file() && is_recording(it->path())) found.push_back(it->path());
    }
    if (error) throw Error{Errc::local_file, folder + ": cannot be read: " + error.message()};
    std::sort(found.begin(), found.end());
    return found;
}

std::string read_list(const std::string &list) {
    if (list != "-") return read_small_file(list, longest_list);
    return {std::istreambuf_iterator<char>{std::cin}, {}};
}

std::vector<std::string> split(const std::string &text, char end) {
    std::vector<std::string> names;
    for (size_t start = 0; start < text.size();) {
        const size_t stop = std::min(text.find(end, start), text.size());
        if (stop > start) names.push_back(text.substr(start, stop - start));
        start = stop + 1;
    }
    return names;
}

} // namespace

void add_inputs(CLI::App &command, Inputs &inputs) {
    command.add_option("FILE", inputs.files, "video or sound files, - for standard input");
    command.add_flag("-r,--recursive", inputs.is_recursive, "take the recordings in folders");
    command.add_option("--files-from", inputs.list, "take the files that are named in this one")
        ->type_name("LIST");
    command.add_flag("-0,--null", inputs.by_nul, "names in LIST end in NUL, not in a line's end");
}

std::vector<std::string> collect(const Inputs &inputs) {
    auto named = inputs.files;
    if (!inputs.list.empty()) {
        const auto more = split(read_list(inputs.list), inputs.by_nul ? '\0' : '\n');
        named.insert(named.end(), more.begin(), more.end());
    }
    std::vector<std::string> files;
    for (const auto &name : named) {
        std::error_code absent;
        if (inputs.is_recursive && fs::is_directory(name, absent)) {
            const auto inside = recordings_in(name);
            files.insert(files.end(), inside.begin(), inside.end());
        } else {
            files.push_back(name);
        }
    }
    if (named.empty()) throw Error{Errc::usage, "no FILE is named; see mp3conv --help"};
    return files;
}

} // namespace mp3conv::cli
