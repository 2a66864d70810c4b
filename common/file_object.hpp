#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.hpp"
#include "common/options.hpp"
#include "common/units.hpp"

namespace mp3conv {

/// Characters of a file ID, each with 5 random bits.
constexpr size_t file_id_length = 24;

enum class State { uploading, queued, converting, done, failed, cancelled, expired };

std::string_view to_string(State state);
/// @throws Error{bad_request} for a name that is none.
State state_from(std::string_view name);
/// Nothing more will happen to it by itself.
bool is_finished(State state);

/// What was uploaded. All but the size is known only once a converter has looked inside.
struct Source {
    uint64_t bytes = 0;
    std::optional<double> duration_s;
    std::optional<std::string> format;
    std::optional<std::string> codec;
    std::optional<double> lost_s{}; ///< of the duration, what was damaged and is silence in the MP3
    bool truncated = false;         ///< the file is shorter than its own head says
};

/// What came out.
struct Mp3 {
    uint64_t bytes = 0;
    double duration_s = 0;
    int bitrate_bps = 0;
    std::string sha256;
    std::optional<std::string> note{}; ///< what is missing from it, in a sentence
};

/// Why nothing came out.
struct Failure {
    std::string code;
    std::string detail;
    bool retryable = false;
};

/// One conversion as the wire knows it; members that are not known yet are absent.
struct FileObject {
    std::string id;
    std::string name;
    State state = State::queued;
    std::optional<double> progress; ///< 0 to 1, while converting
    Time created_at;
    std::optional<Time> finished_at;
    std::optional<Time> expires_at{}; ///< until when the MP3 of a done file stays
    Source source;
    Options options;
    std::optional<Mp3> mp3;
    std::optional<Failure> error;
};

/// @return whether a text can be a file ID: letters and digits, not many.
bool is_file_id(std::string_view text);

void to_json(nlohmann::json &json, const FileObject &file);
/// @throws Error{bad_request} where a member is missing or of the wrong kind.
FileObject parse_file_object(const nlohmann::json &json);

} // namespace mp3conv
