#include "daemon/storage/s3/multipart.hpp"

#include <exception>

#include "common/fd.hpp"
#include "daemon/storage/local_failure.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage::s3 {
namespace {

constexpr int most_parts = 10000; // see Client

} // namespace

Multipart::Multipart(Client &client, std::string key, std::string id, std::vector<Part> parts) :
    client_{client},
    key_{std::move(key)},
    id_{std::move(id)},
    parts_{std::move(parts)} {
    for (const auto &part : parts_) size_ += part.size;
}

void Multipart::begin() {
    if (id_.empty()) id_ = client_.begin_upload(key_);
}

void Multipart::add(FileRange bytes) {
    if (next_number() > most_parts) {
        throw Error{Errc::too_large, "the upload is larger than the server's storage can take"};
    }
    begin();
    parts_.push_back(client_.put_part(key_, id_, next_number(), bytes));
    size_ += bytes.count;
}

void Multipart::finish(FileRange rest) {
    if (parts_.empty()) {
        client_.put(key_, rest);
        return abandon();
    }
    if (rest.count > 0) add(rest);
    client_.complete(key_, id_, parts_);
    id_.clear();
}

void Multipart::abandon() noexcept try {
    if (!id_.empty()) client_.abort(key_, id_);
} catch (const std::exception &e) {
    system::log::warning("cannot abort an upload to S3 yet", {{"key", key_}, {"cause", e.what()}});
}

void put_file(Client &client, const std::string &key, int fd) {
    const uint64_t size = without_paths([fd] { return file_size(fd, "scratch file"); });
    Multipart object{client, key};
    try {
        uint64_t first = 0;
        for (; size - first > whole_bytes; first += whole_bytes)
            object.add({fd, first, whole_bytes});
        object.finish({fd, first, size - first});
    } catch (...) {
        object.abandon();
        throw;
    }
}

} // namespace mp3conv::storage::s3
