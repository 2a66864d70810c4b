#pragma once

#include <CLI/App.hpp>
#include <string>

#include "cli/globals.hpp"
#include "cli/input.hpp"
#include "cli/progress.hpp"
#include "common/options.hpp"

namespace mp3conv::cli {

/// What is sent of a file, and what is asked of its conversion.
struct Source {
    Input input;
    Options options;
};

/// Offers --whole-file.
void add_whole_file(CLI::App &command, bool &whole_file);

/// Opens what is to be sent of a file: its audio, copied into a temporary file, and says so; all of
/// it with `whole_file`, where leaving something out would save little, or where its audio cannot
/// be taken out as it is. Standard input is sent as it comes.
///
/// @throws Error{local_file}, Error{not_media}, Error{no_audio_track}, Error{interrupted},
///         Error{terminated}.
Source open_source(const Globals &globals, const std::string &path, const Options &options,
                   bool whole_file, Progress &progress);

} // namespace mp3conv::cli
