#include "cli/destination.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "common/choice.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

const Choices<IfExists> policies{{"skip-newer", IfExists::skip_newer},
                                 {"skip", IfExists::skip},
                                 {"overwrite", IfExists::overwrite},
                                 {"fail", IfExists::fail}};

} // namespace

std::string Destination::path_for(const std::string &name) const {
    if (!path.empty()) return path;
    return folder / (without_extension(safe_file_name(name)) + ".mp3");
}

void Destination::check(const std::vector<std::string> &names) const {
    if (!path.empty() && names.size() > 1) {
        throw Error{Errc::usage, "-o names one file, but there are several; use --output-dir"};
    }
    std::set<std::string> targets;
    for (const auto &name : names) {
        if (targets.insert(path_for(name)).second) continue;
        throw Error{Errc::usage, name + ": its MP3 would be " + path_for(name) +
                                     ", as another one's; convert them one by one with -o"};
    }
    const auto target_folder = path.empty() ? folder : std::filesystem::path{path}.parent_path();
    const std::string written_to = target_folder.empty() ? "." : target_folder.string();
    if (path != "-" && ::access(written_to.c_str(), W_OK | X_OK) != 0) {
        throw Error{Errc::local_file, written_to + ": cannot be written to: " + errno_text()};
    }
}

bool Destination::is_wanted(const std::string &target, std::optional<Time> changed) const {
    const auto made_at = target == "-" ? std::nullopt : changed_at(target);
    if (!made_at) return true;
    switch (if_exists) {
    case IfExists::overwrite:
        return true;
    case IfExists::skip:
        return false;
    case IfExists::skip_newer:
        return !changed || *made_at < *changed;
    case IfExists::fail:
        break;
    }
    throw Error{Errc::local_file, target + ": exists already; use --if-exists overwrite"};
}

void add_destination_options(CLI::App &command, Destination &destination) {
    command
        .add_option("-o,--output", destination.path, "write to this file, - for standard output")
        ->type_name("PATH");
    command.add_option("--output-dir", destination.folder, "write into this folder")
        ->type_name("DIR")
        ->excludes("--output");
    command
        .add_option_function("--if-exists", choose("--if-exists", destination.if_exists, policies),
                             "what of an MP3 that is there: skip it where it is newer (the "
                             "default) or always, overwrite it, or fail")
        ->type_name(names_of(policies));
}

std::optional<Time> changed_at(const std::string &path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    return Time{std::chrono::seconds{status.st_mtim.tv_sec} +
                std::chrono::milliseconds{status.st_mtim.tv_nsec / 1'000'000}};
}

void set_changed_at(const std::string &path, std::optional<Time> time) {
    if (!time || path == "-") return;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    const timespec changed{seconds.time_since_epoch().count(),
                           std::chrono::nanoseconds{*time - seconds}.count()};
    const timespec times[]{{0, UTIME_OMIT}, changed};
    if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) {
        throw Error{Errc::local_file, path + ": cannot set its time: " + errno_text()};
    }
}

} // namespace mp3conv::cli
