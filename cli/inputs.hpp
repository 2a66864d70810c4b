#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace mp3conv::cli {

/// The files that a command is given, in whatever way.
struct Inputs {
    std::vector<std::string> files; ///< "-" is standard input
    std::string list;               ///< --files-from: a file that names them, "-" standard input
    bool by_nul = false;            ///< -0: its names end in NUL, not at the end of their line
    bool is_recursive = false;      ///< -r: a folder stands for the recordings in it
};

/// Offers FILE..., --files-from, -0 and -r.
void add_inputs(CLI::App &command, Inputs &inputs);

/// @return the files one by one; those of a folder by name, each that has the extension of a
///         recording and is no MP3.
/// @throws Error{usage} where there is none; Error{local_file} for a list or a folder that cannot
/// be
///         read.
std::vector<std::string> collect(const Inputs &inputs);

} // namespace mp3conv::cli
