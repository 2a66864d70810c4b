#include "common/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view value, std::string_view takes) {
    throw Error{Errc::invalid_option, "option " + std::string{name} + ": '" + std::string{value} +
                                          "' is not " + std::string{takes}};
}

int number_between(std::string_view name, std::string_view value, int low, int high) {
    const auto number = parse_number(value);
    if (!number || *number < static_cast<uint64_t>(low) || *number > static_cast<uint64_t>(high)) {
        refuse(name, value,
               "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return static_cast<int>(*number);
}

template <size_t N>
int one_of(std::string_view name, std::string_view value, uint64_t number,
           const std::array<int, N> &allowed, std::string_view takes) {
    const auto found = std::find_if(allowed.begin(), allowed.end(), [&](int candidate) {
        return static_cast<uint64_t>(candidate) == number;
    });
    if (found == allowed.end()) refuse(name, value, takes);
    return *found;
}

// ISO 11172-3 and 13818-3, layer III: every bitrate and sampling rate that an MP3 can have.
constexpr std::array<int, 18> bitrates_bps{8000,   16000,  24000,  32000,  40000,  48000,
                                           56000,  64000,  80000,  96000,  112000, 128000,
                                           144000, 160000, 192000, 224000, 256000, 320000};
// What ID3v2 has a frame for; see daemon/convert/id3.
constexpr std::array<std::string_view, 11> tag_names{"title",    "artist",  "album", "album_artist",
                                                     "track",    "disc",    "date",  "genre",
                                                     "composer", "comment", "lyrics"};
constexpr std::string_view tag_prefix = "tag.";
constexpr size_t longest_tag = 1000;
// As ffmpeg's loudnorm.
constexpr double quietest_lufs = -70;
constexpr double loudest_lufs = -5;

/// @return as short as it is exact.
std::string number_text(double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

constexpr std::array<int, 9> rates_hz{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

void set_preset(Options &options, std::string_view name, std::string_view value) {
    constexpr std::array<std::string_view, 4> presets{"voice", "standard", "high", "max"};
    if (std::find(presets.begin(), presets.end(), value) == presets.end()) {
        refuse(name, value, "voice, standard, high or max");
    }
    options.preset = value;
}

void set_vbr(Options &options, std::string_view name, std::string_view value) {
    options.vbr = number_between(name, value, 0, 9);
}

void set_bitrate(Options &options, std::string_view name, std::string_view value) {
    options.bitrate_bps =
        one_of(name, value, parse_size(value).value_or(0), bitrates_bps,
               "a bitrate of MP3: 8k, 16k, 24k, 32k, 40k, 48k, 56k, 64k, 80k, 96k, 112k, 128k, "
               "144k, 160k, 192k, 224k, 256k or 320k");
}

void set_abr(Options &options, std::string_view name, std::string_view value) {
    const uint64_t bps = parse_size(value).value_or(0);
    if (bps < 8000 || bps > 320000) refuse(name, value, "an average bitrate from 8k to 320k");
    options.abr_bps = static_cast<int>(bps);
}

bool is_set(std::string_view name, std::string_view value) {
    if (value != "true" && value != "1" && value != "false" && value != "0" && !value.empty()) {
        refuse(name, value, "true or false");
    }
    return value != "false" && value != "0";
}

void set_mono(Options &options, std::string_view name, std::string_view value) {
    options.mono = is_set(name, value);
}

void set_id3v1(Options &options, std::string_view name, std::string_view value) {
    options.id3v1 = is_set(name, value);
}

void set_rate(Options &options, std::string_view name, std::string_view value) {
    options.rate_hz = one_of(name, value, parse_number(value).value_or(0), rates_hz,
                             "a sampling rate of MP3: 8000, 11025, 12000, 16000, 22050, 24000, "
                             "32000, 44100 or 48000");
}

void set_track(Options &options, std::string_view name, std::string_view value) {
    options.track = number_between(name, value, 1, 64);
}

void set_lang(Options &options, std::string_view name, std::string_view value) {
    const bool listed = !value.empty() && value.size() <= 64 &&
                        value.find_first_not_of("abcdefghijklmnopqrstuvwxyz,") == std::string::npos;
    if (!listed) refuse(name, value, "a list of language codes such as deu,eng");
    options.lang = value;
}

double position(std::string_view name, std::string_view value) {
    const auto seconds = parse_position(value);
    if (!seconds) refuse(name, value, "a place in a recording such as 83.5, 1:23.5 or 1:02:03");
    return *seconds;
}

void set_start(Options &options, std::string_view name, std::string_view value) {
    options.start_s = position(name, value);
}

void set_end(Options &options, std::string_view name, std::string_view value) {
    options.end_s = position(name, value);
}

void set_normalize(Options &options, std::string_view name, std::string_view value) {
    const std::string text{value};
    char *end = nullptr;
    const double lufs = std::strtod(text.c_str(), &end);
    const bool is_number = !text.empty() && *end == '\0' && text.front() == '-';
    if (!is_number || !(lufs >= quietest_lufs && lufs <= loudest_lufs)) {
        refuse(name, value, "a loudness from -70 to -5 LUFS such as -16");
    }
    options.normalize_lufs = lufs;
}

/// @return whether it is not to be kept.
bool is_dropped(std::string_view name, std::string_view value) {
    if (value != "keep" && value != "drop") refuse(name, value, "keep or drop");
    return value == "drop";
}

void set_tags(Options &options, std::string_view name, std::string_view value) {
    options.drop_tags = is_dropped(name, value);
}

void set_cover(Options &options, std::string_view name, std::string_view value) {
    options.drop_cover = is_dropped(name, value);
}

void set_chapters(Options &options, std::string_view name, std::string_view value) {
    options.drop_chapters = is_dropped(name, value);
}

void set_tag(Options &options, std::string_view name, std::string_view value) {
    const std::string_view key = name.substr(tag_prefix.size());
    if (!is_utf8(value) || value.size() > longest_tag || value.find('\0') != value.npos) {
        refuse(name, printable(value.substr(0, 40)), "a text in UTF-8 of at most 1000 bytes");
    }
    options.tags.insert_or_assign(std::string{key}, std::string{value});
}

using Setter = void (*)(Options &, std::string_view, std::string_view);
constexpr std::array<std::pair<std::string_view, Setter>, 15> setters{{
    {"preset", set_preset},
    {"vbr", set_vbr},
    {"bitrate", set_bitrate},
    {"abr", set_abr},
    {"mono", set_mono},
    {"rate", set_rate},
    {"track", set_track},
    {"lang", set_lang},
    {"start", set_start},
    {"end", set_end},
    {"id3v1", set_id3v1},
    {"normalize", set_normalize},
    {"tags", set_tags},
    {"cover", set_cover},
    {"chapters", set_chapters},
}};

bool is_tag(std::string_view name) {
    return name.starts_with(tag_prefix) &&
           std::find(tag_names.begin(), tag_names.end(), name.substr(tag_prefix.size())) !=
               tag_names.end();
}

Setter setter_of(std::string_view name) {
    for (const auto &[known, set] : setters) {
        if (known == name) return set;
    }
    return is_tag(name) ? set_tag : nullptr;
}

} // namespace

bool is_option(std::string_view name) {
    return setter_of(name) != nullptr;
}

void set_option(Options &options, std::string_view name, std::string_view value) {
    if (const Setter set = setter_of(name)) return set(options, name, value);
    throw Error{Errc::invalid_option,
                "option " + std::string{name} + ": not known; see mp3conv(1) for the options"};
}

void check_options(const Options &options) {
    const int modes = options.preset.has_value() + options.vbr.has_value() +
                      options.bitrate_bps.has_value() + options.abr_bps.has_value();
    if (modes > 1) {
        throw Error{Errc::invalid_option,
                    "preset, vbr, bitrate and abr exclude each other; choose one"};
    }
    if (options.track && options.lang) {
        throw Error{Errc::invalid_option, "track and lang exclude each other; choose one"};
    }
    if (options.end_s && *options.end_s <= options.start_s.value_or(0)) {
        throw Error{Errc::invalid_option, "end: not behind the start; nothing would be left"};
    }
}

std::vector<std::pair<std::string, std::string>> option_fields(const Options &options) {
    std::vector<std::pair<std::string, std::string>> fields;
    const auto number = [&](const char *name, const std::optional<int> &value) {
        if (value) fields.emplace_back(name, std::to_string(*value));
    };
    if (options.preset) fields.emplace_back("preset", *options.preset);
    number("vbr", options.vbr);
    number("bitrate", options.bitrate_bps);
    number("abr", options.abr_bps);
    if (options.mono) fields.emplace_back("mono", "true");
    number("rate", options.rate_hz);
    number("track", options.track);
    if (options.lang) fields.emplace_back("lang", *options.lang);
    if (options.start_s) fields.emplace_back("start", position_text(*options.start_s));
    if (options.end_s) fields.emplace_back("end", position_text(*options.end_s));
    if (options.id3v1) fields.emplace_back("id3v1", "true");
    if (options.normalize_lufs)
        fields.emplace_back("normalize", number_text(*options.normalize_lufs));
    if (options.drop_tags) fields.emplace_back("tags", "drop");
    if (options.drop_cover) fields.emplace_back("cover", "drop");
    if (options.drop_chapters) fields.emplace_back("chapters", "drop");
    for (const auto &[name, value] : options.tags) {
        fields.emplace_back(std::string{tag_prefix} + name, value);
    }
    return fields;
}

void to_json(nlohmann::json &json, const Options &options) {
    json = nlohmann::json::object();
    for (const auto &[name, value] : option_fields(options)) {
        const auto parsed = nlohmann::json::parse(value, nullptr, false);
        const bool is_text = is_tag(name) || !(parsed.is_number() || value == "true");
        json[name] = is_text ? nlohmann::json(value) : parsed;
    }
}

void from_json(const nlohmann::json &json, Options &options) {
    options = {};
    for (const auto &[name, value] : json.items()) {
        const Setter set = setter_of(name);
        if (set) set(options, name, value.is_string() ? value.get<std::string>() : value.dump());
    }
}

} // namespace mp3conv
