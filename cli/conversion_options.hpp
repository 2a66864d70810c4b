#pragma once

#include <CLI/App.hpp>

#include "common/options.hpp"

namespace mp3conv::cli {

/// Offers --preset, --vbr and so on. A value that makes no sense ends the parsing with
/// Error{invalid_option}.
void add_conversion_options(CLI::App &command, Options &options);

} // namespace mp3conv::cli
