#include "daemon/sandbox/word_check.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/media/feed.hpp"
#include "common/text.hpp"

namespace mp3conv::sandbox {
namespace {

using nlohmann::json;

constexpr double most_seconds = 1e9;                                // thirty years
constexpr double most_bits_per_s = std::numeric_limits<int>::max(); // one sample makes a frame
constexpr size_t longest_name = 32;
constexpr size_t longest_sentence = 500;

// All that can be wrong with a file, or with the disk, as a conversion sees it.
constexpr std::array failures{
    Errc::not_media,         Errc::no_audio_track,     Errc::corrupt_media,
    Errc::unsupported_codec, Errc::too_long,           Errc::storage_full,
    Errc::local_file,        Errc::conversion_crashed, Errc::invalid_option};

void require(bool is_so, const char *name) {
    if (!is_so) throw Error{Errc::conversion_crashed, taken_over, std::string{"said of "} + name};
}

double number_in(const json &object, const char *name, double most) {
    require(object.at(name).is_number(), name);
    const auto value = object.at(name).get<double>();
    require(value >= 0 && value <= most, name); // which NaN is not either
    return value;
}

/// libavformat's and libavcodec's names.
std::string name_in(const json &object, const char *name) {
    auto value = object.at(name).get<std::string>();
    require(value.size() <= longest_name, name);
    require(std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c <= '~'; }),
            name);
    return value;
}

std::string sentence_in(const json &object, const char *name) {
    auto value = object.at(name).get<std::string>();
    value.resize(std::min(value.size(), longest_sentence));
    return printable(value);
}

Errc code_in(const json &object) {
    const auto code = object.at("code").get<std::string>();
    const auto *found = std::find_if(failures.begin(), failures.end(),
                                     [&](Errc errc) { return traits(errc).code == code; });
    require(found != failures.end(), "code");
    return *found;
}

} // namespace

double part_in(const json &object, const char *name) {
    return number_in(object, name, 1);
}

std::vector<ByteRange> ranges_in(const json &object, const char *name) {
    const json &all = object.at(name);
    require(all.is_array() && !all.empty() && all.size() <= media::Feed::most_ranges, name);
    std::vector<ByteRange> ranges;
    uint64_t left = media::Feed::most_bytes;
    for (const json &pair : all) {
        require(pair.is_array() && pair.size() == 2, name);
        require(pair[0].is_number_unsigned() && pair[1].is_number_unsigned(), name);
        ranges.push_back({pair[0].get<uint64_t>(), pair[1].get<uint64_t>()});
        require(ranges.back().count > 0 && ranges.back().count <= left, name);
        left -= ranges.back().count;
    }
    return ranges;
}

convert::Report report_in(const json &object) {
    convert::Report report;
    report.source.duration_s = number_in(object, "source_s", most_seconds);
    const double lost_s = number_in(object, "lost_s", most_seconds);
    if (lost_s > 0) report.source.lost_s = lost_s;
    report.source.truncated = object.at("truncated").get<bool>();
    report.source.format = name_in(object, "format");
    report.source.codec = name_in(object, "codec");
    report.duration_s = number_in(object, "mp3_s", most_seconds);
    report.bitrate_bps = static_cast<int>(number_in(object, "bitrate_bps", most_bits_per_s));
    const std::string note = sentence_in(object, "note");
    if (!note.empty()) report.note = note;
    return report;
}

Error failure_in(const json &object) {
    return Error{code_in(object), sentence_in(object, "message"), sentence_in(object, "cause")};
}

} // namespace mp3conv::sandbox
