#include "cli/upload_memory.hpp"

#include <nlohmann/json.hpp>

#include "cli/globals.hpp"
#include "cli/json_store.hpp"
#include "common/sha256.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

constexpr auto longest = std::chrono::days{7}; // no server keeps an upload that long by default

JsonStore store() {
    return JsonStore{state_dir() / "uploads.json"};
}

Time now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Forgets what is too old, and that file.
void tidy(nlohmann::json &uploads, const std::string &id) {
    for (auto it = uploads.begin(); it != uploads.end();) {
        const auto begun = parse_time(it->value("begun_at", ""));
        const bool is_kept = begun && *begun + longest > now() && it->value("id", "") != id;
        it = is_kept ? std::next(it) : uploads.erase(it);
    }
}

} // namespace

UploadMemory::UploadMemory(const std::string &server, const std::string &sha256,
                           const Options &options) {
    Sha256 hash;
    hash.update(server + "\n" + sha256 + "\n" + nlohmann::json(options).dump());
    key_ = hash.finish();
}

std::optional<std::string> UploadMemory::find() const {
    const auto uploads = store().read();
    const auto found = uploads.find(key_);
    if (found == uploads.end()) return std::nullopt;
    return found->value("id", "");
}

void UploadMemory::keep(const std::string &id) const {
    store().change([&](nlohmann::json &uploads) {
        tidy(uploads, id);
        uploads[key_] = {{"id", id}, {"begun_at", format_time(now())}};
    });
}

void UploadMemory::forget(const std::string &id) {
    if (store().read().empty()) return;
    store().change([&](nlohmann::json &uploads) { tidy(uploads, id); });
}

} // namespace mp3conv::cli
