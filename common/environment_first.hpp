#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
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

/// @return the line without its comment, which begins with a '#' outside of quotes.
inline std::string without_comment(const std::string &line) {
    char quote = '\0';
    for (size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (quote == '\0' && c == '#') return line.substr(0, at);
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        }
    }
    return line;
}

/// A config file whose keys give way to the environment: CLI11 by itself asks the environment last.
/// It also takes a '#' inside of quotes for a comment, and cuts the value there.
class EnvironmentFirst final : public CLI::ConfigTOML {
public:
    /// @param program the variables' prefix.
    explicit EnvironmentFirst(std::string program) : program_{std::move(program)} {
        comment(no_comment);
    }

    std::vector<CLI::ConfigItem> from_config(std::istream &input) const override {
        std::stringstream lines;
        for (std::string line; std::getline(input, line);) {
            std::replace(line.begin(), line.end(), no_comment, ' ');
            lines << without_comment(line) << '\n';
        }
        auto found = CLI::ConfigTOML::from_config(lines);
        const auto is_overruled = [&](const CLI::ConfigItem &item) {
            return std::getenv(variable_name(program_, item.name).c_str()) != nullptr;
        };
        found.erase(std::remove_if(found.begin(), found.end(), is_overruled), found.end());
        return found;
    }

private:
    static constexpr char no_comment = '\0';

    std::string program_;
};

} // namespace mp3conv
