#include "daemon/storage/open.hpp"

#include <algorithm>
#include <array>

#include "common/error.hpp"
#include "daemon/storage/local_blob_store.hpp"
#include "daemon/storage/s3/blob_store.hpp"

namespace mp3conv::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_scheme = "file:";

std::unique_ptr<BlobStore> open_local(const std::string &url, const fs::path &data_dir) {
    const std::string path = url.substr(file_scheme.size());
    return std::make_unique<LocalBlobStore>(path.empty() ? data_dir : fs::path{path});
}

std::unique_ptr<BlobStore> open_s3(const std::string &url, const fs::path &data_dir) {
    return std::make_unique<s3::S3BlobStore>(url, data_dir / "scratch");
}

struct Kind {
    std::string_view scheme;
    std::unique_ptr<BlobStore> (*open)(const std::string &url, const fs::path &data_dir);
};

constexpr std::array kinds{Kind{file_scheme, open_local}, Kind{"s3://", open_s3}};

} // namespace

std::unique_ptr<BlobStore> open_storage(const std::string &url, const fs::path &data_dir) {
    const auto *const kind = std::find_if(kinds.begin(), kinds.end(), [&url](const Kind &known) {
        return url.starts_with(known.scheme);
    });
    if (kind != kinds.end()) return kind->open(url, data_dir);
    throw Error{Errc::usage,
                "storage: '" + url + "' is not known; use file:, file:PATH or s3://BUCKET/PREFIX"};
}

} // namespace mp3conv::storage
