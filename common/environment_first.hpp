#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace mp3conv {

/// @return "MP3CONVD_DATA_DIR" for "MP3CONVD" and "data-dir".
inline std::string variable_name(const std::string &program, std::string setting) {
    for (char &c : setting) {
        c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return program + "_" + setting;
}

/// A config file whose keys give way to the environment: CLI11 by itself asks the environment last.
class EnvironmentFirst final : public CLI::ConfigTOML {
public:
    /// @param program the variables' prefix.
    explicit EnvironmentFirst(std::string program) : program_{std::move(program)} {}

    std::vector<CLI::ConfigItem> from_config(std::istream &input) const override {
        auto found = CLI::ConfigTOML::from_config(input);
        const auto is_overruled = [&](const CLI::ConfigItem &item) {
            return std::getenv(variable_name(program_, item.name).c_str()) != nullptr;
        };
        found.erase(std::remove_if(found.begin(), found.end(), is_overruled), found.end());
        return found;
    }

private:
    std::string program_;
};

} // namespace mp3conv
