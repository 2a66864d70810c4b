#pragma once

#include <filesystem>

#include "daemon/storage/blob_store.hpp"

namespace mp3conv::storage {

/// Blobs as files: FOLDER/blobs/ab/NAME, and drafts that stay likewise; others in FOLDER/drafts.
/// The folder belongs to one process; others may look, and remove.
class LocalBlobStore final : public BlobStore {
public:
    /// Makes what is missing, mode 0700. @throws Error{local_file}.
    explicit LocalBlobStore(std::filesystem::path folder);

    std::unique_ptr<Draft> begin(const std::string &name) override;
    std::unique_ptr<FileDraft> begin_file(const std::string &name) override;
    std::unique_ptr<LastingDraft> resume(const std::string &name, const Progress &from,
                                         KeepBookmark keep) override;
    bool can_resume(const std::string &name, const Progress &from) override;
    std::unique_ptr<Blob> open(const std::string &name) override;
    void remove(const std::string &name) override;
    void each_older_than(std::chrono::seconds age,
                         const std::function<void(const std::string &name)> &see) override;
    std::optional<uint64_t> free_bytes() override;
    void adopt(const std::string &name, Blob &blob, bool may_share) override;
    void remove_drafts() override;

private:
    std::filesystem::path path_of(const std::string &name) const;
    std::string pattern_of(const std::string &name) const;

    std::filesystem::path blobs_;
    std::filesystem::path drafts_;
};

} // namespace mp3conv::storage
