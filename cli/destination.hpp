#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/units.hpp"

namespace mp3conv::cli {

enum class IfExists { skip_newer, skip, overwrite, fail };

/// Where MP3s are to go.
struct Destination {
    std::string path;                          ///< -o: this very file, "-" for standard output
    std::filesystem::path folder;              ///< --output-dir: else the current one
    IfExists if_exists = IfExists::skip_newer; ///< what of a file that is there already

    /// @return the file for what was uploaded as `name`; "-" for standard output.
    std::string path_for(const std::string &name) const;

    /// Looks, before anything is sent, whether each of those can have an MP3 of its own here.
    /// @throws Error{usage} where two would share one, Error{local_file} for a folder that cannot
    ///         be written to.
    void check(const std::vector<std::string> &names) const;

    /// @param changed_at when what the MP3 is made from last changed; absent where nobody knows.
    /// @return whether there is something to write. @throws Error{local_file} with IfExists::fail.
    bool is_wanted(const std::string &target, std::optional<Time> changed_at) const;
};

/// Offers -o, --output-dir and --if-exists.
void add_destination_options(CLI::App &command, Destination &destination);

/// @return when a file last changed; absent where there is none, or it is standard input.
std::optional<Time> changed_at(const std::string &path);

/// Sets it; not where there is no time, or of standard output. @throws Error{local_file}.
void set_changed_at(const std::string &path, std::optional<Time> time);

} // namespace mp3conv::cli
