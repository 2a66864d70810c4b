#pragma once

#include <functional>
#include <optional>

#include "daemon/convert/loudness.hpp"

namespace mp3conv::convert {

/// Reads the source once, through a Leveler of that gain (factor), or as it is.
/// @return nullopt where all of it is silence.
using Hear = std::function<std::optional<Loudness>(std::optional<double> gain)>;

/// Finds how much louder a recording must become. One reading is enough unless peaks are turned
/// down on the way, which makes it softer again: then it is heard with the gain and put right,
/// until it is within 0.2 LU or no longer comes nearer.
///
/// @param target_lufs integrated loudness that is wanted.
/// @return a factor for Leveler; nullopt for silence, which stays as it is.
std::optional<double> find_gain(double target_lufs, const Hear &hear);

} // namespace mp3conv::convert
