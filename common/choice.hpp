#pragma once

#include <CLI/Error.hpp>
#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mp3conv {

/// A value that is chosen by name on the command line or in a config file.
template <typename T>
using Choices = std::vector<std::pair<std::string, T>>;

/// @return "open|closed", for help texts.
template <typename T>
std::string names_of(const Choices<T> &choices) {
    std::string names;
    for (const auto &choice : choices) names += (names.empty() ? "" : "|") + choice.first;
    return names;
}

/// @return what CLI11 is to call with the name: it sets `value`, or throws CLI::ValidationError
///         with the names that there are.
template <typename T>
std::function<void(const std::string &)> choose(const std::string &setting, T &value,
                                                const Choices<T> &choices) {
    return [setting, &value, choices](const std::string &name) {
        const auto chosen = std::find_if(choices.begin(), choices.end(),
                                         [&](const auto &choice) { return choice.first == name; });
        if (chosen == choices.end()) {
            throw CLI::ValidationError{setting,
                                       "'" + name + "' is not one of " + names_of(choices)};
        }
        value = chosen->second;
    };
}

} // namespace mp3conv
