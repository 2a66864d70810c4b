#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "daemon/storage/blob_store.hpp"
#include "daemon/storage/s3/client.hpp"

namespace mp3conv::storage::s3 {

/// A file with holes, which are filled by ranged requests, several at a time.
class S3LocalCopy final : public LocalCopy {
public:
    /// @param client outlives it.
    S3LocalCopy(Client &client, std::string key, uint64_t size,
                const std::filesystem::path &scratch);

    int fd() const noexcept override { return file_.get(); }
    bool is_whole() const noexcept override { return false; }
    void fetch(const std::vector<ByteRange> &ranges,
               const std::function<void()> &meanwhile) override;

private:
    void fetch_one(ByteRange range, const std::atomic<bool> &is_over);

    Client &client_;
    std::string key_;
    Fd file_;
};

} // namespace mp3conv::storage::s3
