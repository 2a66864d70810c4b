#include "daemon/storage/s3/bookmark.hpp"

#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/sha256.hpp"

namespace mp3conv::storage::s3 {

using nlohmann::json;

std::string Bookmark::text() const {
    return json{{"upload", upload_id},
                {"parts", parts},
                {"etags", etags},
                {"tail", tail},
                {"writer", writer}}
        .dump();
}

Bookmark Bookmark::from(const std::string &text) try {
    if (text.empty()) return {};
    const auto members = json::parse(text);
    return {members.at("upload"), members.at("parts"), members.at("etags"), members.at("tail"),
            members.at("writer")};
} catch (const json::exception &e) {
    throw Error{Errc::internal, "the database does not say where an upload's bytes are", e.what()};
}

std::string hash_of(const std::vector<Part> &parts) {
    if (parts.empty()) return {};
    Sha256 hash;
    for (const auto &part : parts) hash.update(part.etag + '\n');
    return hash.finish();
}

} // namespace mp3conv::storage::s3
