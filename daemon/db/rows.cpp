#include "daemon/db/rows.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/units.hpp"

namespace mp3conv::db {

void note_expiry(FileObject &file, KeepMp3 keep_mp3) {
    if (keep_mp3 && file.finished_at && file.state == State::done) {
        file.expires_at = *file.finished_at + *keep_mp3;
    }
}

std::string options_column(const Options &options) {
    return nlohmann::json(options).dump();
}

Options options_from(const std::string &column) {
    return nlohmann::json::parse(column).get<Options>();
}

int64_t length_column(const queue::Upload &upload) {
    return upload.length ? static_cast<int64_t>(*upload.length) : -1;
}

int64_t reserved(const queue::Upload &upload) {
    return static_cast<int64_t>(upload.length.value_or(upload.offset));
}

int64_t seq_of_cursor(const std::string &cursor) {
    if (cursor.empty()) return INT64_MAX;
    const auto seq = parse_number(cursor);
    if (!seq || *seq > static_cast<uint64_t>(INT64_MAX)) {
        throw Error{Errc::bad_request, "cursor: not one that a list gave out; leave it away"};
    }
    return static_cast<int64_t>(*seq);
}

std::string end_of_prefix(const std::string &prefix) {
    return prefix + "\x7f";
}

int64_t day_of(Time now) {
    return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
}

std::chrono::seconds waited(std::optional<Time> since, Time now) {
    if (!since) return {};
    return std::max(std::chrono::floor<std::chrono::seconds>(now - *since),
                    std::chrono::seconds{0});
}

} // namespace mp3conv::db
