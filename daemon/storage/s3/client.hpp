#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/storage/blob_store.hpp"
#include "daemon/storage/s3/credentials.hpp"
#include "daemon/storage/s3/http.hpp"
#include "daemon/storage/s3/location.hpp"
#include "daemon/storage/s3/signer.hpp"
#include "daemon/storage/s3/xml.hpp"

namespace mp3conv::storage::s3 {

/// What S3 does for one bucket. A server that fails or is restarted is asked again for some twenty
/// seconds. Any thread may call. All throw Error{storage_full} and {busy}, as a BlobStore does; the
/// cause says in our words what S3 refuses.
class Client {
public:
    explicit Client(Location location);

    const Location &location() const noexcept { return location_; }

    /// @return its bytes; nullopt where there is no such object.
    std::optional<uint64_t> size_of(const std::string &key);

    /// As Blob::read.
    bool get(const std::string &key, uint64_t first, uint64_t count, const Sink &sink);

    void put(const std::string &key, FileRange bytes);

    /// Absent is fine.
    void remove(const std::string &key);

    /// Calls `see` with each object whose key begins so, in the order of their keys.
    void each_object(const std::string &prefix, const std::function<void(const Object &)> &see);

    /// Throws where the bucket cannot be listed, without asking more than once.
    void check();

    // Objects that come in parts: each of 5 MiB at least, but for the last, and 10,000 at most
    // (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).

    std::string begin_upload(const std::string &key);
    Part put_part(const std::string &key, const std::string &id, int number, FileRange bytes);
    /// May be repeated by who does not know whether it was done.
    void complete(const std::string &key, const std::string &id, const std::vector<Part> &parts);
    /// Absent is fine.
    void abort(const std::string &key, const std::string &id);
    void each_upload(const std::string &prefix, const std::function<void(const Upload &)> &see);
    /// @return those that are there, by number; none where there is no such upload.
    std::vector<Part> parts(const std::string &key, const std::string &id);

    /// @return a URL by which anyone can read the object for that time.
    /// @param headers those that the answer is to have, as in `response-content-type`.
    std::string link(const std::string &key, const Pairs &headers, std::chrono::seconds time);

private:
    struct Ask;
    Reply ask_once(const Ask &ask);
    Reply ask(const Ask &ask);

    Location location_;
    Http http_;
    std::unique_ptr<CredentialSource> credentials_;
    Signer signer_;
};

} // namespace mp3conv::storage::s3
