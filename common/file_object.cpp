#include "common/file_object.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace mp3conv {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<State, std::string_view>, 7> names{{
    {State::uploading, "uploading"},
    {State::queued, "queued"},
    {State::converting, "converting"},
    {State::done, "done"},
    {State::failed, "failed"},
    {State::cancelled, "cancelled"},
    {State::expired, "expired"},
}};

template <typename T>
void put(json &object, const char *name, const std::optional<T> &value) {
    if (value) object[name] = *value;
}

template <typename T>
std::optional<T> take(const json &object, const char *name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return std::nullopt;
    return found->get<T>();
}

json source_json(const Source &source) {
    json object{{"bytes", source.bytes}};
    put(object, "duration_s", source.duration_s);
    put(object, "format", source.format);
    put(object, "codec", source.codec);
    put(object, "lost_s", source.lost_s);
    if (source.truncated) object["truncated"] = true;
    return object;
}

/// Nobody has a part of a byte, or less than none; and such a number is no int.
uint64_t count_in(const json &object, const char *name, uint64_t most) {
    const json &number = object.at(name);
    if (!number.is_number_unsigned() || number.get<uint64_t>() > most) {
        throw Error{Errc::bad_request, std::string{name} + " is not a whole number in its bounds"};
    }
    return number.get<uint64_t>();
}

uint64_t bytes_in(const json &object) {
    return count_in(object, "bytes", std::numeric_limits<int64_t>::max());
}

Time required_time(const json &object, const char *name) {
    const auto time = parse_time(object.at(name).get<std::string>());
    if (!time) throw Error{Errc::bad_request, std::string{name} + " is not an RFC 3339 time"};
    return *time;
}

std::optional<Time> take_time(const json &object, const char *name) {
    return object.contains(name) ? std::optional{required_time(object, name)} : std::nullopt;
}

void put_time(json &object, const char *name, const std::optional<Time> &time) {
    if (time) object[name] = format_time(*time);
}

FileObject read(const json &object) {
    FileObject file;
    file.id = object.at("id").get<std::string>();
    if (!is_file_id(file.id)) throw Error{Errc::bad_request, "its id is none"};
    file.name = object.at("name").get<std::string>();
    file.state = state_from(object.at("state").get<std::string>());
    file.progress = take<double>(object, "progress");
    file.created_at = required_time(object, "created_at");
    file.finished_at = take_time(object, "finished_at");
    file.expires_at = take_time(object, "expires_at");
    const json &source = object.at("source");
    file.source = {bytes_in(source),
                   take<double>(source, "duration_s"),
                   take<std::string>(source, "format"),
                   take<std::string>(source, "codec"),
                   take<double>(source, "lost_s"),
                   source.value("truncated", false)};
    if (object.contains("options")) from_json(object["options"], file.options);
    if (object.contains("mp3")) {
        const json &mp3 = object["mp3"];
        file.mp3 =
            Mp3{bytes_in(mp3), mp3.at("duration_s").get<double>(),
                static_cast<int>(count_in(mp3, "bitrate_bps", std::numeric_limits<int>::max())),
                mp3.at("sha256").get<std::string>(), take<std::string>(mp3, "note")};
    }
    if (object.contains("error")) {
        const json &error = object["error"];
        file.error =
            Failure{error.at("code").get<std::string>(), error.at("detail").get<std::string>(),
                    error.value("retryable", false)};
    }
    if (file.state == State::done && !file.mp3) {
        throw Error{Errc::bad_request, "it is done and has no MP3"};
    }
    return file;
}

} // namespace

std::string_view to_string(State state) {
    for (const auto &[known, name] : names) {
        if (known == state) return name;
    }
    throw std::logic_error{"a State without a name"};
}

State state_from(std::string_view name) {
    for (const auto &[state, known] : names) {
        if (known == name) return state;
    }
    throw Error{Errc::bad_request, "state '" + std::string{name} + "' is not known"};
}

bool is_finished(State state) {
    return state == State::done || state == State::failed || state == State::cancelled ||
           state == State::expired;
}

void to_json(json &object, const FileObject &file) {
    object = {{"id", file.id},
              {"name", file.name},
              {"state", to_string(file.state)},
              {"created_at", format_time(file.created_at)},
              {"source", source_json(file.source)},
              {"options", file.options}};
    put(object, "progress", file.progress);
    put_time(object, "finished_at", file.finished_at);
    put_time(object, "expires_at", file.expires_at);
    if (file.mp3) {
        object["mp3"] = {{"bytes", file.mp3->bytes},
                         {"duration_s", file.mp3->duration_s},
                         {"bitrate_bps", file.mp3->bitrate_bps},
                         {"sha256", file.mp3->sha256}};
        put(object["mp3"], "note", file.mp3->note);
    }
    if (file.error) {
        object["error"] = {{"code", file.error->code},
                           {"detail", file.error->detail},
                           {"retryable", file.error->retryable}};
    }
}

bool is_file_id(std::string_view text) {
    constexpr size_t longest = 64; // ours have file_id_length
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), fits);
}

FileObject parse_file_object(const json &object) {
    try {
        return read(object);
    } catch (const json::exception &e) {
        throw Error{Errc::bad_request, "the answer is not a file object", e.what()};
    }
}

} // namespace mp3conv
