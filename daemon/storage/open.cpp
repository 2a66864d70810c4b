#include "daemon/storage/open.hpp"

#include "common/error.hpp"
#include "daemon/storage/local_blob_store.hpp"

namespace mp3conv::storage {

std::unique_ptr<BlobStore> open_storage(const std::string &url,
                                        const std::filesystem::path &data_dir) {
    constexpr std::string_view file = "file:";
    if (url.rfind(file, 0) != 0) {
        throw Error{Errc::usage, "storage: '" + url + "' is not known; use file: or file:PATH"};
    }
    const std::string path = url.substr(file.size());
    return std::make_unique<LocalBlobStore>(path.empty() ? data_dir : std::filesystem::path{path});
}

} // namespace mp3conv::storage
