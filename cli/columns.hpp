#pragma once

#include <string>

namespace mp3conv::cli {

/// @return columns that UTF-8 text takes on a terminal: none for a combining character, two for one
///         of East Asian writing or an emoji.
size_t width_of(const std::string &text);

/// @return the text, or as much of its beginning as fits, and then "~".
std::string shorten(std::string text, size_t width);

/// @return "name  bar figures" in at most that many columns: the name is the first to become
///         shorter, then the bar goes, then the name.
std::string fit(const std::string &name, const std::string &bar, const std::string &figures,
                size_t width);

/// @param share from 0 to 1. @return "[####------]".
std::string draw_bar(double share);

/// @param share from 0 to 1. @return "40%".
std::string percent(double share);

} // namespace mp3conv::cli
