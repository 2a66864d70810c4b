#include "daemon/sandbox/messages.hpp"

#include <nlohmann/json.hpp>

#include "daemon/sandbox/word_check.hpp"

namespace mp3conv::sandbox {
namespace {

using nlohmann::json;

json to_object(const Progress &progress) {
    return {{"progress", progress.part}};
}

json to_object(const Wanted &wanted) {
    json ranges = json::array();
    for (const auto &[first, count] : wanted.ranges) ranges.push_back({first, count});
    return {{"wanted", ranges}};
}

json to_object(const convert::Report &report) {
    json object{{"source_s", report.source.duration_s.value_or(0)},
                {"lost_s", report.source.lost_s.value_or(0)},
                {"truncated", report.source.truncated},
                {"format", report.source.format.value_or("")},
                {"codec", report.source.codec.value_or("")},
                {"mp3_s", report.duration_s},
                {"bitrate_bps", report.bitrate_bps},
                {"note", report.note.value_or("")}};
    return {{"report", object}};
}

json to_object(const Error &error) {
    return {{"failure",
             {{"code", traits(error.code()).code},
              {"message", error.what()},
              {"cause", error.cause()}}}};
}

/// Tags and the like need not be UTF-8; what is said of them is.
std::string dump(const json &object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Word to_word(const json &object) {
    if (object.contains("progress")) return Progress{part_in(object, "progress")};
    if (object.contains("wanted")) return Wanted{ranges_in(object, "wanted")};
    if (object.contains("report")) return report_in(object.at("report"));
    return failure_in(object.at("failure"));
}

} // namespace

std::string encode(const Request &request) {
    return dump({{"options", request.options},
                 {"time_s", request.time.count()},
                 {"most_bytes", request.most_bytes},
                 {"is_whole", request.is_whole}});
}

Request parse_request(std::string_view text) {
    const json object = json::parse(text);
    return {object.at("options").get<Options>(), std::chrono::seconds{object.at("time_s")},
            object.at("most_bytes").get<uint64_t>(), object.at("is_whole").get<bool>()};
}

std::string encode(const Missing &missing) {
    return dump({{"missing", missing.layers}});
}

Missing parse_missing(std::string_view text) {
    return {json::parse(text).at("missing").get<std::vector<std::string>>()};
}

std::string encode(const Fate &fate) {
    return dump({{"wait_status", fate.wait_status},
                 {"peak_bytes", fate.peak_bytes},
                 {"cpu_s", fate.cpu_s}});
}

Fate parse_fate(std::string_view text) {
    const json object = json::parse(text);
    return {object.at("wait_status").get<int>(), object.at("peak_bytes").get<uint64_t>(),
            object.at("cpu_s").get<double>()};
}

std::string encode(const Word &word) {
    return dump(std::visit([](const auto &said) { return to_object(said); }, word));
}

Word parse_word(std::string_view text) {
    try {
        return to_word(json::parse(text));
    } catch (const json::exception &e) {
        throw Error{Errc::conversion_crashed, taken_over, e.what()};
    }
}

} // namespace mp3conv::sandbox
