#include "cli/upload_memory.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

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

void drop_old(nlohmann::json &uploads) {
    for (auto it = uploads.begin(); it != uploads.end();) {
        const auto begun = parse_time(it->value("begun_at", ""));
        it = begun && *begun + longest > now() ? std::next(it) : uploads.erase(it);
    }
}

} // namespace

UploadMemory::UploadMemory(const std::string &server, const std::string &path,
                           const Options &options) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    Sha256 hash;
    for (const auto &part :
         {server, std::filesystem::absolute(path).string(), std::to_string(status.st_size),
          std::to_string(status.st_mtim.tv_sec), std::to_string(status.st_mtim.tv_nsec),
          nlohmann::json(options).dump()}) {
        hash.update(part);
        hash.update({"\0", 1});
    }
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
        drop_old(uploads);
        uploads[key_] = {{"id", id}, {"begun_at", format_time(now())}};
    });
}

void UploadMemory::forget() const {
    if (!find()) return;
    store().change([&](nlohmann::json &uploads) { uploads.erase(key_); });
}

} // namespace mp3conv::cli
