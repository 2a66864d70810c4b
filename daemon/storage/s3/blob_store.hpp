#pragma once

#include <filesystem>

#include "daemon/storage/blob_store.hpp"
#include "daemon/storage/s3/client.hpp"
#include "daemon/storage/s3/layout.hpp"

namespace mp3conv::storage::s3 {

/// Blobs as objects of S3, shared by as many processes as there are; see Layout. What is on its way
/// in, or is to be a local file, lies in nameless files of a local folder.
class S3BlobStore final : public BlobStore {
public:
    /// Makes the folder where it is missing.
    /// @throws Error{usage} for a URL that is none; {busy} where the bucket cannot be used.
    S3BlobStore(const std::string &url, std::filesystem::path scratch);

    std::unique_ptr<Draft> begin(const std::string &name) override;
    std::unique_ptr<FileDraft> begin_file(const std::string &name) override;
    std::unique_ptr<LastingDraft> resume(const std::string &name, const Progress &from,
                                         KeepBookmark keep) override;
    bool can_resume(const std::string &name, const Progress &from) override;
    std::unique_ptr<Blob> open(const std::string &name) override;
    std::string link(const Link &link) override;
    void remove(const std::string &name) override;
    void remove_committed(const std::string &name) override;
    /// Shows also what came in parts and was not finished.
    void each_older_than(std::chrono::seconds age,
                         const std::function<void(const std::string &name)> &see) override;
    std::optional<uint64_t> free_bytes() override { return std::nullopt; }
    void adopt(const std::string &name, Blob &blob, bool may_share) override;
    /// Nothing: they may be another process's. `each_older_than` shows them in time.
    void remove_drafts() override {}

private:
    Time last_write(const Upload &upload);

    std::filesystem::path scratch_;
    Client client_;
    Layout layout_;
};

} // namespace mp3conv::storage::s3
