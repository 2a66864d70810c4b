#include "daemon/storage/blob_store.hpp"

#include "common/sha256.hpp"

namespace mp3conv::storage {

std::string sha256_of(Blob &blob) {
    Sha256 hash;
    blob.read(0, blob.size(), [&hash](std::string_view bytes) {
        hash.update(bytes);
        return true;
    });
    return hash.finish();
}

std::unique_ptr<LocalCopy> whole_copy(Blob &blob) {
    auto copy = blob.local_copy();
    copy->fetch({{0, blob.size()}}, [] {});
    return copy;
}

Error bytes_missing() {
    return {Errc::internal, "bytes of the upload are missing on the server; start anew"};
}

} // namespace mp3conv::storage
