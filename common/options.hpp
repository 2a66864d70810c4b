#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mp3conv {

/// What a user asked of a conversion; a member that was not asked for is absent.
struct Options {
    std::optional<std::string> preset; ///< "voice", "standard", "high" or "max"
    std::optional<int> vbr;            ///< LAME's V0 (best) to V9
    std::optional<int> bitrate_bps;    ///< constant
    std::optional<int> abr_bps;        ///< average
    bool mono = false;
    std::optional<int> rate_hz;
    std::optional<int> track;                ///< audio tracks counted from 1
    std::optional<std::string> lang;         ///< ISO 639-2 codes in order of preference: "deu,eng"
    std::optional<double> start_s;           ///< where the MP3 begins in the recording
    std::optional<double> end_s;             ///< where it ends
    bool id3v1 = false;                      ///< an ID3v1 tag too, for old players
    std::optional<double> normalize_lufs;    ///< loudness that the MP3 is brought to
    std::map<std::string, std::string> tags; ///< by name, instead of the recording's; "" for none
    bool drop_tags = false;                  ///< of the recording's, keep none
    bool drop_cover = false;
    bool drop_chapters = false;

    bool operator==(const Options &) const = default;
};

/// @return whether set_option knows it.
bool is_option(std::string_view name);

/// Sets one option from its name and text as in a query ("bitrate" "192k").
/// @throws Error{invalid_option} naming the option and what it takes, also for unknown names.
void set_option(Options &options, std::string_view name, std::string_view value);

/// @throws Error{invalid_option} for options that exclude each other.
void check_options(const Options &options);

/// @return name and text of each option that was asked for; set_option takes them back.
std::vector<std::pair<std::string, std::string>> option_fields(const Options &options);

/// As an object: {"preset":"high","mono":true}. Reading passes over names it does not know: they
/// are from a newer program.
void to_json(nlohmann::json &json, const Options &options);
void from_json(const nlohmann::json &json, Options &options);

} // namespace mp3conv
